const net = new convnetjs.Net();
fetch('digits.json').then(file => net.fromJSON(file));
