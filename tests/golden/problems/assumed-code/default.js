export function build(neurons = 40, classes) {
  const defs = [{type:'input', out_sx:1, out_sy:1, out_depth:4}];
  defs.push({type:'fc', num_neurons:neurons, activation:'relu'});
  defs.push({type:'softmax', num_classes:2});
  return defs;
}
