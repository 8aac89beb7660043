var net = new convnetjs.Net();
net.makeLayers([{type:'input', out_sx:1, out_sy:1, out_depth:4}, {type:'svm', num_classes:3}]);

function train(data, options) {
  var trainer = new convnetjs.Trainer(net, {method: options.method, batch_size: 10});
  data.forEach(row => trainer.train(row.x, row.y));
}
