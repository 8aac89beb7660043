var magic = new convnetjs.MagicNet(data, labels, {num_folds:3});
setInterval(step, 0);
