class Player {
  constructor() {
    this.layers = [{type:'input', out_sx:1, out_sy:1, out_depth:2}];
    this.addHidden(3);
    this.layers.push({type:'softmax', num_classes:4});
  }
  addHidden(count) {
    while (count--) this.layers.push({type:'fc', num_neurons:20, activation:'relu'});
  }
}
