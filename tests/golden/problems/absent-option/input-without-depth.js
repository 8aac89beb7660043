layer_defs = [];
layer_defs.push({type:'input', out_sx:24, out_sy:24});
layer_defs.push({type:'softmax', num_classes:10});
