var count = document.getElementById('neurons').value;
var data = JSON.parse(text);
layer_defs = [];
layer_defs.push({type:'input', out_sx:1, out_sy:1, out_depth:data.length});
layer_defs.push({type:'fc', num_neurons:count, activation:count > 9 ? 'relu' : 'tanh'});
layer_defs.push({type:'softmax', num_classes:Math.random()});
