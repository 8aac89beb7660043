// $ netc train convnetjs.js --set train.data=random
layer = new convnetjs.ConvLayer({in_sx:8, in_sy:8, in_depth:3, sx:3, filters:4});
