var layer_defs = [];
layer_defs.push({type:'input', out_sx:28×1, out_sy:28, out_depth:1});
layer_defs.push({type:`fc', num_neurons:20，activation:"tanh', bias_pref:−0.5});
layer_defs.push({type:'softmax', num_classes:10});
