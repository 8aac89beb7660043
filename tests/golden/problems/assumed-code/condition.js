var net = new convnetjs.Net();
if (saved) {
  net.fromJSON(saved);
} else {
  net.makeLayers([{type:'input', out_sx:1, out_sy:1, out_depth:4}, {type:'svm', num_classes:3}]);
}
