function add(neurons) {
  layer_defs.push({type:'fc', num_neurons:neurons, activation:'relu'});
}
layer_defs = [];
layer_defs.push({type:'input', out_sx:1, out_sy:1, out_depth:2});
add(20);
add(30);
layer_defs.push({type:'softmax', num_classes:10});
