layer_defs = [];
layer_defs.push({type:'input', out_sx:1, out_sy:1, out_depth:2});
layer_defspush({type:'fc', num_neurons:20, activation:'relu'});
layer_defs.psuh({type:'fc', num_neurons:20, activation:'relu'});
deep && layer_defs.push({type:'fc', num_neurons:20, activation:'relu'});
{type:'fc', num_neurons:20}
layer_defs.push({type:'softmax', num_classes:10});
net = new convnetjs.Net();
net.makeLayer(layer_defs);
trainer = new convnetjs.Trainer(net, convnetjs);
