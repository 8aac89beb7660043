function Player(net) {
  // layer_defs = [];
  // layer_defs.push({type:'input', out_sx:3, out_sy:3, out_depth:1});
  this.net = net;
}
