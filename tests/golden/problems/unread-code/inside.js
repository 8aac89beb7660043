$(function() {
  layer_defs = [];
  layer_defs.push({type:'input', out_sx:1, out_sy:1, out_depth:2});
  for (var i = 0; i < 3; i++) {
    layer_defs.push({type:'fc', num_neurons:20, activation:'relu'});
  }
  layer_defs.push({type:'softmax', num_classes:10});
});
