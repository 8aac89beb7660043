describe('nets', function() {
  it('tells two classes apart', function() {
    var layer_defs = [{type:'input', out_sx:1, out_sy:1, out_depth:2}, {type:'softmax', num_classes:2}];
    net.makeLayers(layer_defs);
  });
  it('tells three classes apart', () => {
    var layer_defs = [{type:'input', out_sx:1, out_sy:1, out_depth:4}, {type:'softmax', num_classes:3}];
    net.makeLayers(layer_defs);
  });
});
