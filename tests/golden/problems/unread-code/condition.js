var deep = true, width = 20;
if (deep) { width = 2*width; }
var layer_defs = [
  {type:'input', out_sx:1, out_sy:1, out_depth:2},
  {type:'fc', num_neurons:width, activation:'relu'},
  {type:'softmax', num_classes:10},
];
