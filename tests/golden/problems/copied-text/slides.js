layer defs = [ ];
layer defs.push({type:‘input’, out sx:24, out sy:24, out depth:1});
layer defs.push({type:’conv’, sx:5, ﬁlters:8, stride:1, pad:2, activation:’relu’});
layer defs.push({type:"pool", sx:2, stride:2});
layer defs.push({type:“softmax”, num classes:10});
net = new convnetjs.Net();
net.makeLayers(layer_ defs);
trainer = new convnetjs.SGDTrainer(net, {learning rate:1e–2, momentum:0.9, batch size:20, l2 decay:0.001});
