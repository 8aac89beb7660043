// $ netc check the-page-of-mnist.js --set 'train.data=mnist()'
layer_defs = [
  {type: 'input', out_sx: 24, out_sy: 24, out_depth: 1},
  {type: 'conv', sx: 5, filters: 8, pad: 2, activation: 'relu'},
  {type: 'pool', sx: 2, stride: 2},
  {type: 'conv', sx: 5, filters: 16, pad: 2, activation: 'relu'},
  {type: 'pool', sx: 3, stride: 3},
  {type: 'softmax', num_classes: 10},
];

net = new convnetjs.Net();
net.makeLayers(layer_defs);

trainer = new convnetjs.SGDTrainer(net, {method: 'adadelta', batch_size: 20, l2_decay: 0.001});
