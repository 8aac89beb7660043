// $ netc check more-classes-than-neurons.js --set 'train.data=digits()'
const layer_defs = [
  {type: 'input', out_sx: 8, out_sy: 8, out_depth: 1},
  {type: 'conv', sx: 3, filters: 4, activation: 'relu'},
  {type: 'softmax', num_classes: 9},
];
