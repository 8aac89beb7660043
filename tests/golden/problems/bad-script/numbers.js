layer_defs = [];
layer_defs.push({type:'input', out_sx:1, out_sy:1, out_depth:1e999});
layer_defs.push({type:'fc', num_neurons:99**99**99, activation:'relu'});
layer_defs.push({type:'fc', num_neurons:0/0, activation:'relu'});
layer_defs.push({type:'fc', num_neurons:'20'*2, activation:'relu'});
layer_defs.push({type:'softmax', num_classes:[10]*1});
