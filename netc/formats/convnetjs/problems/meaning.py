"""What a file means otherwise than it may seem."""

from dataclasses import dataclass

from netc.diag import Level, Problem


@dataclass(frozen=True)
class WrongFeeding(Problem):
    """The script feeds its net with an image or a label that does not fit.

    netc does not run the script, and takes its data from the `train` section; but ConvNetJS
    accepts any volume and any label without a word, and what it learns from these is wrong. A
    class is a plain number from 0 on, a target a plain list.

    Example:
        layer_defs = [];
        layer_defs.push({type:'input', out_sx:1, out_sy:1, out_depth:2});
        layer_defs.push({type:'softmax', num_classes:3});
        net = new convnetjs.Net();
        net.makeLayers(layer_defs);
        trainer = new convnetjs.SGDTrainer(net, {learning_rate:0.01});
        trainer.train(new convnetjs.Vol([0.3, -0.5]), [0, 1, 0]);
    """

    slug = "wrong-feeding"
    level = Level.WARNING
    message = "{what}"
    note = "{why}"
    help = "{way_out}"

    what: str
    why: str
    way_out: str


@dataclass(frozen=True)
class SeveralTrainers(Problem):
    """A text of ConvNetJS has more than one trainer, and a net is trained by one here.

    netc takes the first. The others can be given one by one with `--set train.optimizer=...`, or
    each by a file of its own.

    Example:
        layer_defs = [];
        layer_defs.push({type:'input', out_sx:1, out_sy:1, out_depth:2});
        layer_defs.push({type:'softmax', num_classes:10});
        net = new convnetjs.Net();
        net.makeLayers(layer_defs);
        trainer_defs = [];
        trainer_defs.push({method:'sgd'});
        trainer_defs.push({method:'adagrad'});
    """

    slug = "several-trainers"
    level = Level.WARNING
    message = "there are {count} trainers; this one is taken"
    help = "{way_out}"

    count: int
    way_out: str


@dataclass(frozen=True)
class SeveralNets(Problem):
    """A file of ConvNetJS's `MagicNet` holds several networks, and netc takes the first.

    `MagicNet` gives the mean of what its networks answer. They are sorted by how well they did, so
    that the first is the best of them. To use another, save it in a file of its own.

    Example:
        {"nets": [
            {"layers": [
                {"layer_type": "input", "out_sx": 1, "out_sy": 1, "out_depth": 2},
                {"layer_type": "tanh", "out_sx": 1, "out_sy": 1, "out_depth": 2}
            ]},
            {"layers": [
                {"layer_type": "input", "out_sx": 1, "out_sy": 1, "out_depth": 2},
                {"layer_type": "relu", "out_sx": 1, "out_sy": 1, "out_depth": 2}
            ]}
        ]}
    """

    slug = "several-nets"
    level = Level.WARNING
    message = "there are {count} networks here; the first is taken"
    note = "`MagicNet` gives the mean of their answers"
    help = 'save the one that is wanted in a file of its own: `{{"layers": [...]}}`'

    count: int


@dataclass(frozen=True)
class DiffersFromOriginal(Problem):
    """netc computes here what is right, and ConvNetJS something else.

    ConvNetJS multiplies by `drop_prob` instead of 1 - `drop_prob` when a net with dropout is used;
    its Adam multiplies by what should divide; its gradient of `lrn` has a wrong factor; its `tanh`
    gives no number above 354.9. For its own numbers, to the last digit, ask for
    `compat=convnetjs`.

    Example:
        layer_defs = [];
        layer_defs.push({type:'input', out_sx:1, out_sy:1, out_depth:2});
        layer_defs.push({type:'fc', num_neurons:20, activation:'relu', drop_prob:0.5});
        layer_defs.push({type:'softmax', num_classes:10});
    """

    slug = "differs-from-original"
    level = Level.WARNING
    message = "{original}"
    note = "{here}"
    help = "{way_out}"

    original: str
    here: str
    way_out: str = "`--set compat=convnetjs` gives ConvNetJS's own numbers"
