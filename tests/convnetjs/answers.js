// What ConvNetJS makes of nets, in the form of the files in tests/data/convnetjs.
const convnetjs = require(process.argv[1]);
const asked = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const say = console.log;
console.log = function () {}; // the library speaks of even windows

const list = numbers => Array.from(numbers, Number);
const copy = thing => JSON.parse(JSON.stringify(thing));

function volume(given) {
  const made = new convnetjs.Vol(given.sx, given.sy, given.depth, 0);
  given.w.forEach((number, at) => { made.w[at] = number; });
  return made;
}

function arrays(net, which) {
  const found = [];
  net.layers.forEach((layer, at) => {
    if (!layer.filters) return;
    const filters = layer.filters.map(filter => list(filter[which]));
    found.push({ layer: at, filters: filters, biases: list(layer.biases[which]) });
  });
  return found;
}

function dropped(net) {
  const found = {};
  net.layers.forEach((layer, at) => {
    if (layer.layer_type === 'dropout') found[at] = list(layer.dropped);
  });
  return Object.keys(found).length ? { dropped: found } : {};
}

function backward(net, example, target) {
  const data = volume(example);
  const output = list(net.forward(data, true).w);
  const loss = net.backward(target);
  const made = { input: 0, target: target, output: output, loss: loss, input_grad: list(data.dw) };
  const gradients = arrays(net, 'dw');
  net.getParamsAndGrads().forEach(pair => { list(pair.grads).forEach((_, at) => { pair.grads[at] = 0; }); });
  return Object.assign(made, dropped(net), { grads: gradients });
}

function train(net, given) {
  const trainer = new convnetjs.SGDTrainer(net, given.options);
  const steps = [];
  for (let call = 0; call < 3 * given.options.batch_size; call++) {
    const at = call % given.inputs.length;
    const done = trainer.train(volume(given.inputs[at]), given.targets[at]);
    steps.push(Object.assign({ input: at, cost_loss: done.cost_loss }, dropped(net)));
  }
  const after = list(net.forward(volume(given.inputs[0])).w);
  const params = arrays(net, 'w');
  return { options: given.options, updates: 3, steps: steps, params: params, forward_test_after: after };
}

function answer(given) {
  const net = new convnetjs.Net();
  net.makeLayers(copy(given.layer_defs));
  const layers = net.layers.map((layer, at) => ({
    index: at, type: layer.layer_type,
    out_sx: layer.out_sx, out_sy: layer.out_sy, out_depth: layer.out_depth,
  }));
  const saved = copy(net.toJSON());
  const outputs = given.inputs.map(example => list(net.forward(volume(example)).w));
  net.forward(volume(given.inputs[0]));
  const activations = net.layers.map(layer => list(layer.out_act.w));
  return Object.assign({}, given, {
    source: { npm: '0.3.0' }, layers: layers, net: saved, forward_test: outputs,
    activations_input0: activations, backward: backward(net, given.inputs[0], given.targets[0]),
    train: { drawn: train(net, given) },
  });
}

// What is no number is said in words: JSON has none for it.
const plain = (_, value) => (typeof value === 'number' && !isFinite(value) ? String(value) : value);
say(JSON.stringify(asked.map(answer), plain));
