layer_defs = [];
layer_defs.push({type:'input', out_sx:1, out_sy:1, out_depth:4});
layer_defs.push({type:'fc', num_neurons:5, l1_decay_mul:1e300});
layer_defs.push({type:'lrn', k:1, n:2, alpha:1.7e308, beta:0.75});
layer_defs.push({type:'softmax', num_classes:3});
net = new convnetjs.Net();
net.makeLayers(layer_defs);
trainer = new convnetjs.SGDTrainer(net, {learning_rate:0.01, l1_decay:1e300});
