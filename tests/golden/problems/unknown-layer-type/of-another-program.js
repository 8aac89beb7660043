layer_defs = [];
layer_defs.push({type:'input', out_sx:24, out_sy:24, out_depth:1});
layer_defs.push({type:'conv2d', sx:5, filters:8});
layer_defs.push({type:'maxpool', sx:2});
layer_defs.push({type:'dense', num_neurons:20});
layer_defs.push({type:'batch_norm'});
layer_defs.push({type:'softmax', num_classes:10});
