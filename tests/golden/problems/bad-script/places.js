var sizes = [20, 30], opt = {depth:2};
layer_defs = [];
layer_defs[0] = {type:'input', out_sx:1, out_sy:1, out_depth:opt.dept};
layer_defs[1] = {type:'fc', num_neurons:sizes[2], activation:'relu'};
layer_defs[3] = {type:'softmax', num_classes:10};
layer_defs.reverse();
