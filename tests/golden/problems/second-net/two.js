var a = new convnetjs.Net(), b = new convnetjs.Net();
var defs = [{type:'input', out_depth:2}, {type:'softmax', num_classes:2}];
a.makeLayers(defs);
b.makeLayers(defs);
