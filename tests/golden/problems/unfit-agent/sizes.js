var layer_defs = [];
layer_defs.push({type:'input', out_sx:1, out_sy:1, out_depth:27});
layer_defs.push({type:'fc', num_neurons:50, activation:'relu'});
layer_defs.push({type:'regression', num_neurons:4});
var brain = new deepqlearn.Brain(27, 5, {temporal_window:1, layer_defs:layer_defs});
