// Trains a net of ConvNetJS on MNIST as its page does, then tests it; prints what that took as JSON.
// usage: node convnetjs_mnist.js MODULES_FOLDER DEFINITION.js DATA_FOLDER EXAMPLES SEED
const fs = require('fs');
const path = require('path');
const zlib = require('zlib');

const [modules, definition, data, examples, seed] = process.argv.slice(2);

// ConvNetJS draws everything from Math.random: with a generator of our own a run can be repeated.
let state = Number(seed) >>> 0;
Math.random = () => {
  state = (state + 0x6d2b79f5) >>> 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
};
const convnetjs = require(path.join(modules, 'convnetjs'));

const read = (name) => {
  const plain = path.join(data, name);
  return fs.existsSync(plain) ? fs.readFileSync(plain) : zlib.gunzipSync(fs.readFileSync(plain + '.gz'));
};
const part = (name) => ({
  pixels: read(`${name}-images-idx3-ubyte`).subarray(16),
  labels: read(`${name}-labels-idx1-ubyte`).subarray(8),
});
const train = part('train');
const test = part('t10k');
const image = ({ pixels }, index) => {
  const volume = new convnetjs.Vol(28, 28, 1, 0.0);
  for (let at = 0; at < 784; at++) volume.w[at] = pixels[index * 784 + at] / 255 - 0.5;
  return volume;
};
const seconds = () => Number(process.hrtime.bigint()) / 1e9;

const text = fs.readFileSync(definition, 'utf8');
const make = new Function('convnetjs', `let layer_defs, net, trainer; ${text}; return [net, trainer];`);
const [net, trainer] = make(convnetjs);

const side = net.layers[0].out_sx;
const begun = seconds();
const order = convnetjs.randperm(train.labels.length);
for (let step = 0; step < Number(examples); step++) {
  const index = order[step % order.length];
  trainer.train(convnetjs.augment(image(train, index), side), train.labels[index]);
}
const trained = seconds() - begun;

const middle = Math.floor((28 - side) / 2);
let right = 0;
for (let index = 0; index < test.labels.length; index++) {
  net.forward(convnetjs.augment(image(test, index), side, middle, middle));
  right += net.getPrediction() === test.labels[index];
}
const accuracy = right / test.labels.length;
console.log(JSON.stringify({ examples: Number(examples), seconds: trained, accuracy }));
