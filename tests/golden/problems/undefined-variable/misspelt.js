var layer_defs = [];
var hidden_units = 20;
layer_def.push({type:'input', out_sx:1, out_sy:1, out_depth:2});
layer_defs.push({type:'fc', num_neurons:hiden_units, activation:'relu'});
layer_defs.push({type:'softmax', num_classes:classes});
