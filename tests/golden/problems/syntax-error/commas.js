layer_defs = [];
layer_defs.push({type:'input' out_sx:1, out_sy=1; out_depth:2});
layer_defs.push({type:'fc', num_neurons:20, activation:'relu'
                 drop_prob:0.5});
layer_defs.push({type:'fc', num_neurons:});
layer_defs.push({type:'fc',, num_neurons:20});
layer_defs.push({type:'fc', num_neurons:5px, activation:'relu'}));
layer_defs.push({type:'fc', num_neurons 20, big layer:1});
layer_defs.push{type:'fc', num_neurons:20};
layer_defs.push({type:'fc', ...});
layer_defs.push({type:'fc', num_neurons:20, class});
layer_defs.push({type:fc', num_neurons:20});
layer_defs.push({type:'fc', num_neurons:@20});
layer_defs.push({get type() { return 'fc'; }});
layer_defs.push({type:'softmax', num_classes:10} =);
layer_defs.push(
