layer_defs = [];
layer_defs.push({type:'input', out_sx:4, out_sy:4, out_depth:2});
layer_defs.push({type:'conv', sx:7, filters:2});
layer_defs.push({type:'softmax', num_classes:10});
