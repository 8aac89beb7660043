var layer_defs = [];
layer_defs.push({type:'input', out_sx:1, out_sy:1, out_depth:2});
layer_defs.push({type:'fc', num_neurons:20, activation:'relu'});
layer_defs.push({type:'softmax', num_classes:10});

var net = new convnetjs.Net();
net.makeLayers(layer_defs);
var trainer = new convnetjs.Trainer(net, {learning_rate:0.01, l2_decay:0.001});

var x = new convnetjs.Vol([0.3, -0.5]);
var wide = new convnetjs.Vol([0.3, -0.5, 1.3]);
var unused = new convnetjs.Vol([0.3]);
trainer.train(x, 0);
trainer.train(x, 9);
trainer.train(x, 9.0);
trainer.train(x, 10);
trainer.train(x, -1);
trainer.train(x, 2.5);
trainer.train(x, '3');
trainer.train(wide, [0, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
trainer.train(new convnetjs.Vol([1, 2]), new Float32Array([0, 1]));
net.forward(new convnetjs.Vol(28, 28, 1));
net.forward(new convnetjs.Vol(1, 1, 2, 0.0));
// trainer.train(x, '3') is the same mistake
/* and trainer.train(x, [0, 1]) another */
