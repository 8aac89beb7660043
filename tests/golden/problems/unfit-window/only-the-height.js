layer_defs = [];
layer_defs.push({type:'input', out_sx:24, out_sy:3, out_depth:1});
layer_defs.push({type:'pool', sx:4});
layer_defs.push({type:'softmax', num_classes:10});
