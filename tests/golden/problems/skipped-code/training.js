var layer_defs = [];
layer_defs.push({type:'input', out_sx:1, out_sy:1, out_depth:2});
layer_defs.push({type:'softmax', num_classes:10});
var net = new convnetjs.Net();
net.makeLayers(layer_defs);
var x = new convnetjs.Vol([0.3, -0.5]);
var prob = net.forward(x);
console.log('probability that x is class 0: ' + prob.w[0]);
var trainer = new convnetjs.Trainer(net, {learning_rate:0.01, l2_decay:0.001});
for (var i = 0; i < 10; i++) { trainer.train(x, 0); }
