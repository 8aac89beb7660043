layer_defs = [{type:'input', out_depth:4}, {type:'softmax', num_classes:3}];
net = new convnetjs.Net();
net.makeLayers(layer_defs);
trainer_defs = [{method:'adagrad', momentum:0.9, ro:0.5, learning_rate:0.1}, {method:'sgd', ro:0.5}];
