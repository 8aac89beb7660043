layer_defs = [];
layer_defs.push({type:'input', out_sx:25, out_sy:24, out_depth:1});
layer_defs.push({type:'pool', sx:2});
layer_defs.push({type:'softmax', num_classes:10});
