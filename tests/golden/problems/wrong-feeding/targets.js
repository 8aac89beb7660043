layer_defs = [];
layer_defs.push({type:'input', out_sx:4, out_sy:4, out_depth:1});
layer_defs.push({type:'regression', num_neurons:3});

net = new convnetjs.Net();
net.makeLayers(layer_defs);
trainer = new convnetjs.SGDTrainer(net, {learning_rate:0.01});

x = new convnetjs.Vol(4, 4, 1);
trainer.train(x, [1, 2, 3]);
trainer.train(x, [1, 2]);
trainer.train(x, new Float32Array([1, 2, 3]));
trainer.train(x, new convnetjs.Vol([1, 2, 3]));
trainer.train(x, {dim: 1, val: 0.5});
trainer.train(x, 0.5);
trainer.train(x, new Float64Array([1, 2, 3]));
