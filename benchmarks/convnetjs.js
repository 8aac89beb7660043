// Trains a network of ConvNetJS's demos on random data for some seconds; prints examples a second.
// usage: node convnetjs.js MODULES_FOLDER mnist|cifar10 SECONDS
const [folder, which, seconds] = process.argv.slice(2);
const convnetjs = require(require('path').join(folder, 'convnetjs'));

const side = which === 'mnist' ? 24 : 32;
const depth = which === 'mnist' ? 1 : 3;
const stages = which === 'mnist' ? [[8, 2], [16, 3]] : [[16, 2], [20, 2], [20, 2]];

const layers = [{ type: 'input', out_sx: side, out_sy: side, out_depth: depth }];
for (const [filters, pool] of stages) {
  layers.push({ type: 'conv', sx: 5, filters, stride: 1, pad: 2, activation: 'relu' });
  layers.push({ type: 'pool', sx: pool, stride: pool });
}
layers.push({ type: 'softmax', num_classes: 10 });

const net = new convnetjs.Net();
net.makeLayers(layers);
const trainer = new convnetjs.SGDTrainer(net, {
  method: 'sgd', learning_rate: 0.001, momentum: 0.9, batch_size: 64, l2_decay: 0.0005,
});
const images = [];
for (let i = 0; i < 64; i++) images.push(new convnetjs.Vol(side, side, depth));

for (let i = 0; i < 64; i++) trainer.train(images[i], i % 10);
let count = 0;
const start = process.hrtime.bigint();
const passed = () => Number(process.hrtime.bigint() - start) / 1e9;
while (passed() < Number(seconds)) {
  trainer.train(images[count % 64], count % 10);
  count += 1;
}
console.log(count / passed());
