// What is wrong with the text and with the layers is told together.
var N = 20;
layer_defs = [];
layer_defs.push({type:'input', out_sx:28, out_sy:28, depth:1});
layer_defs.push({type:'convolution', sx:5, filters:N, pad:2, activation:'ReLU'});
layer_defs.push({type:'fc', num_neurons:M, drop_porb:0.5});
layer_defs.push({type:'softmax', num_class:10});
net = new convnetjs.net();
net.makeLayers(layers_defs);
trainer = new convnetjs.SGDTrainer(net, {method:'rmsprop', batchsize:20, l2_decay:-1});
