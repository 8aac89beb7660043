layer_defs = [];
layer_defs.push({type:'input', out_sx:24, out_sy:24, out_depth:1});
layer_defs.push({type:'conv', kernel_size:5, filters:8, padding:2, strides:1});
layer_defs.push({type:'pool', size:2});
layer_defs.push({type:'softmax', num_classes:10});
