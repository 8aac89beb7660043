layer_defs = [];
layer_defs.push({type:'imput', out_sx:8, out_sy:8, out_dept:1});
layer_defs.push({type:'cnov', sx:9, filter:8, activation:'relu'});
layer_defs.push({type:'softmax', num_clases:10});
