// $ netc train autoencoder.js
layer_defs = [];
layer_defs.push({type:'input', out_sx:28, out_sy:28, out_depth:1});
layer_defs.push({type:'fc', num_neurons:2, activation:'sigmoid'});
layer_defs.push({type:'regression', num_neurons:28*28});
net = new convnetjs.Net();
net.makeLayers(layer_defs);
trainer = new convnetjs.SGDTrainer(net, {learning_rate:0.1, batch_size:20});
