importScripts('convnet.js', 'shapes.js');
const net = new convnetjs.Net();
onmessage = event => net.makeLayers(shapes[event.data]);
