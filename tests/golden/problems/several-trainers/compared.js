var layer_defs = [];
layer_defs.push({type:'input', out_sx:24, out_sy:24, out_depth:1});
layer_defs.push({type:'softmax', num_classes:10});

trainer_defs = [];
trainer_defs.push({method:'sgd', learning_rate:0.01, momentum:0.0});
trainer_defs.push({method:'adam', learning_rate:0.01});
trainer_defs.push({method:'adagrad', learning_rate:0.01});
