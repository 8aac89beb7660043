"""The page of `netc explain convnetjs`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Manual:
    """Networks of ConvNetJS: its `layer_defs` in JavaScript or JSON, and what `toJSON` saved.

    Every command takes such a file as it is. Nothing in it is run: `push`, lists, variables,
    arithmetic and `Math` are read, other statements are left out and told of. Sizes in messages are
    as ConvNetJS has them: width x height x depth. The trainer becomes the `train` section; what to
    learn from is said with `--set 'train.data=...'`, and `netc convert` writes the net in netc's
    language, or back.

    Where ConvNetJS computes something wrong, netc does not, and a warning says so;
    `--set compat=convnetjs` asks for ConvNetJS's own numbers.

    Example:
        layer_defs = [];
        layer_defs.push({type:'input', out_sx:24, out_sy:24, out_depth:1});
        layer_defs.push({type:'conv', sx:5, filters:8, pad:2, activation:'relu'});
        layer_defs.push({type:'pool', sx:2});
        layer_defs.push({type:'softmax', num_classes:10});

        net = new convnetjs.Net();
        net.makeLayers(layer_defs);
        trainer = new convnetjs.SGDTrainer(net, {method:'sgd', learning_rate:0.01, batch_size:20});
    """


ALSO = (
    *("layer_defs", "makeLayers", "Net", "SGDTrainer", "Trainer", "trainer_defs", "Vol"),
    *("toJSON", "fromJSON", "type", "method", "MagicNet", "Brain", "tdtrainer_options"),
)
"""Other words of ConvNetJS that this page is about."""
