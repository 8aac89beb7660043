function train(rows, hidden) {
  var size = rows[0].length - 1;
  var layer_defs = [];
  layer_defs.push({type:'input', out_sx:1, out_sy:1, out_depth:size});
  layer_defs.push({type:'fc', num_neurons:hidden, activation:'relu'});
  layer_defs.push({type:'fc', num_neurons:2*hidden, activation:'relu'});
  layer_defs.push({type:'softmax', num_classes:10});
  net.makeLayers(layer_defs);
}
