layer_defs = [];
layer_defs.push({type:'input', out_sx:24, width:28, out_sy:28, out_depth:1});
layer_defs.push({type:'fc', num_neurons:20, filters:30});
layer_defs.push({type:'softmax', num_classes:10});
