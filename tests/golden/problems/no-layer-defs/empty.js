layer_defs = [];
net = new convnetjs.Net();
net.makeLayers(layer_defs);
