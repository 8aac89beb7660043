"""What can be wrong with a list of layers of ConvNetJS; it takes most of this in silence itself."""

from dataclasses import dataclass

from netc.diag import Fix, Label, Level, Misspelt, Problem, Span


@dataclass(frozen=True)
class NotADefinition(Problem):
    """A list of ConvNetJS holds something that defines no layer, or not the one that must be there.

    The list begins with the one layer of type `input`, and each entry is an object that says its
    `type`.

    Example:
        layer_defs = [];
        layer_defs.push({type:'fc', num_neurons:20, activation:'relu'});
        layer_defs.push({type:'softmax', num_classes:10});
    """

    slug = "not-a-definition"
    message = "{what}"
    note = "{why}"
    help = "{way_out}"

    what: str
    way_out: str
    why: str = ""


@dataclass(frozen=True)
class UnknownLayerType(Misspelt):
    """ConvNetJS has no layer type called so.

    It writes a line to the console, leaves the layer out, and fails at the next one, which finds
    nothing before it. The message names the nearest type.

    Example:
        layer_defs = [];
        layer_defs.push({type:'input', out_sx:1, out_sy:1, out_depth:2});
        layer_defs.push({type:'fcc', num_neurons:20});
        layer_defs.push({type:'softmax', num_classes:10});
    """

    slug = "unknown-layer-type"
    message = "there is no layer type `{name}` in ConvNetJS"
    note = "{so}"

    name: str
    so: str = "ConvNetJS leaves the layer out, and fails at the next one"


@dataclass(frozen=True)
class UnknownActivation(Misspelt):
    """ConvNetJS knows no activation called so.

    It writes a line to the console, and the net goes on without the activation: two layers of
    type `fc` with nothing between them compute no more than one.

    Example:
        layer_defs = [];
        layer_defs.push({type:'input', out_sx:1, out_sy:1, out_depth:2});
        layer_defs.push({type:'fc', num_neurons:20, activation:'rleu'});
        layer_defs.push({type:'softmax', num_classes:10});
    """

    slug = "unknown-activation"
    message = "there is no activation `{name}` in ConvNetJS"
    note = "ConvNetJS goes on without an activation here"

    name: str


@dataclass(frozen=True)
class UnknownMethod(Misspelt):
    """ConvNetJS's trainer knows no method called so.

    It trains with plain `sgd` instead, with a momentum of 0.9, and says nothing. Its methods are
    `sgd`, `adam`, `adagrad`, `adadelta`, `windowgrad` and `nesterov`.

    Example:
        layer_defs = [];
        layer_defs.push({type:'input', out_sx:1, out_sy:1, out_depth:2});
        layer_defs.push({type:'softmax', num_classes:10});
        net = new convnetjs.Net();
        net.makeLayers(layer_defs);
        trainer = new convnetjs.SGDTrainer(net, {method:'netsgd', learning_rate:0.01});
    """

    slug = "unknown-method"
    message = "there is no method `{name}` in ConvNetJS's trainer"
    note = "ConvNetJS trains with `sgd` instead, with a momentum of {momentum}"

    name: str
    momentum: str


@dataclass(frozen=True)
class IgnoredOption(Misspelt):
    """An option is spelt so that ConvNetJS never looks at it.

    It asks each definition for the options it knows, and passes over all others in silence: a
    misspelt `drop_prob` is no dropout.

    Example:
        layer_defs = [];
        layer_defs.push({type:'input', out_sx:1, out_sy:1, out_depth:2});
        layer_defs.push({type:'fc', num_neurons:20, activation:'relu', drop_porb:0.5});
        layer_defs.push({type:'softmax', num_classes:10});
    """

    slug = "ignored-option"
    message = "{owner} has no option `{name}`"
    note = "ConvNetJS passes over it in silence{so}"

    owner: str
    name: str
    so: str = ""


@dataclass(frozen=True)
class IdleOption(Problem):
    """An option is there that changes nothing where it stands.

    ConvNetJS does not look at it, or what it multiplies is zero. netc does the same as ConvNetJS,
    and leaves it out.

    Example:
        layer_defs = [];
        layer_defs.push({type:'input', out_sx:1, out_sy:1, out_depth:2});
        layer_defs.push({type:'fc', num_neurons:20, activation:'relu', stride:1});
        layer_defs.push({type:'softmax', num_classes:10});
    """

    slug = "idle-option"
    level = Level.WARNING
    message = "`{name}` changes nothing {where}"
    help = "{way_out}"

    name: str
    where: str
    way_out: str


@dataclass(frozen=True)
class AbsentOption(Problem):
    """A definition lacks an option without which ConvNetJS cannot know the layer.

    It does not complain: sizes become `undefined` or no number, and the net computes with them.

    Example:
        layer_defs = [];
        layer_defs.push({type:'input', out_sx:8, out_sy:8, out_depth:1});
        layer_defs.push({type:'conv', sx:3, activation:'relu'});
        layer_defs.push({type:'softmax', num_classes:10});
    """

    slug = "absent-option"
    message = "`{type}` lacks `{name}`"
    label = "the option is missing here"
    note = "{consequence}"
    help = "{way_out}"

    type: str
    name: str
    consequence: str
    way_out: str


@dataclass(frozen=True)
class UnusableOption(Problem):
    """An option of ConvNetJS has a value that it cannot work with.

    ConvNetJS looks at no value before it computes with it: what comes out is a net of another
    size, or numbers that are none.

    Example:
        layer_defs = [];
        layer_defs.push({type:'input', out_sx:8, out_sy:8, out_depth:1});
        layer_defs.push({type:'conv', sx:3, filters:4, stride:0});
        layer_defs.push({type:'softmax', num_classes:10});
    """

    slug = "unusable-option"
    message = "`{name}` cannot be {value}"
    label = "expected {wanted}"
    note = "{why}"
    help = "{way_out}"

    name: str
    value: str
    wanted: str
    why: str = ""
    way_out: str = ""
    instead: str = ""

    def fixes(self) -> tuple[Fix, ...]:
        if not self.instead or self.span is None:
            return ()
        return (Fix(f"write `{self.instead}`", self.span, self.instead),)


@dataclass(frozen=True)
class UnfitWindow(Problem):
    """A filter or a window of ConvNetJS does not fit in what the layer before gives.

    ConvNetJS goes on with sizes of zero or below, and the layers behind learn from nothing. Sizes
    are sx x sy x depth, the width first, as ConvNetJS shows them.

    Example:
        layer_defs = [];
        layer_defs.push({type:'input', out_sx:4, out_sy:4, out_depth:1});
        layer_defs.push({type:'conv', sx:7, filters:2});
        layer_defs.push({type:'softmax', num_classes:10});
    """

    slug = "unfit-window"
    message = "{what}"
    note = "{why}"
    help = "{way_out}"

    what: str
    why: str
    way_out: str
    source: Label | None = None

    def others(self) -> tuple[Label, ...]:
        return (self.source,) if self.source else ()


@dataclass(frozen=True)
class TrimmedEdge(Problem):
    """The windows of a layer of ConvNetJS leave out the last columns or rows of what it is given.

    Where the stride does not fit, a last window that would reach beyond the image is dropped, and
    nothing is said. netc does the same.

    Example:
        layer_defs = [];
        layer_defs.push({type:'input', out_sx:9, out_sy:9, out_depth:1});
        layer_defs.push({type:'pool', sx:2, stride:2});
        layer_defs.push({type:'softmax', num_classes:10});
    """

    slug = "trimmed-edge"
    level = Level.WARNING
    message = "{what} never sees {lost} of {size}"
    help = "{way_out}"

    what: str
    lost: str
    size: str
    way_out: str


@dataclass(frozen=True)
class LeftOverChannels(Problem):
    """`maxout` of ConvNetJS leaves out the last channels where its groups do not divide them.

    No gradient reaches them, so that their weights never learn. netc does the same.

    Example:
        layer_defs = [];
        layer_defs.push({type:'input', out_sx:1, out_sy:1, out_depth:2});
        layer_defs.push({type:'fc', num_neurons:11, activation:'maxout'});
        layer_defs.push({type:'softmax', num_classes:10});
    """

    slug = "left-over-channels"
    level = Level.WARNING
    message = "groups of {group} leave out the last{lost} of {depth} channels"
    help = "give the layer before it {fitting} channels, or choose another `group_size`"

    group: int
    lost: str
    depth: int
    fitting: int


@dataclass(frozen=True)
class DoubledLayer(Problem):
    """A list of ConvNetJS has an `fc` layer where the loss makes one of its own.

    `softmax`, `svm` and `regression` stand for an `fc` layer with as many neurons as they say, and
    the loss behind it. Two such layers with nothing between compute no more than one.

    Example:
        layer_defs = [];
        layer_defs.push({type:'input', out_sx:1, out_sy:1, out_depth:2});
        layer_defs.push({type:'fc', num_neurons:10});
        layer_defs.push({type:'softmax', num_classes:10});
    """

    slug = "doubled-layer"
    level = Level.WARNING
    message = "`{loss}` makes an `fc` of {count} neurons of its own, beside this one"
    note = "two such layers with nothing between compute no more than one"
    help = "leave this one out, or give it an `activation`"

    loss: str
    count: int


@dataclass(frozen=True)
class MisplacedLoss(Problem):
    """A loss of ConvNetJS stands where it has no label to compare with.

    Only the last layer is given the label. A loss before it throws away the gradient that comes
    from behind, so that all layers in front of it learn nonsense; ConvNetJS does not complain.

    Example:
        layer_defs = [];
        layer_defs.push({type:'input', out_sx:1, out_sy:1, out_depth:2});
        layer_defs.push({type:'softmax', num_classes:10});
        layer_defs.push({type:'fc', num_neurons:10});
    """

    slug = "misplaced-loss"
    message = "{what}"
    note = "the loss gets no label there, and all layers before it learn nonsense"
    help = "{way_out}"

    what: str
    way_out: str
    last: Span | None = None

    def others(self) -> tuple[Label, ...]:
        return (Label(self.last, "the last layer"),) if self.last else ()


@dataclass(frozen=True)
class AbsentLoss(Problem):
    """A list of ConvNetJS that is to be trained ends without a loss.

    ConvNetJS builds it, `train` runs, and nothing is learned: there is no gradient to begin with.

    Example:
        layer_defs = [];
        layer_defs.push({type:'input', out_sx:1, out_sy:1, out_depth:2});
        layer_defs.push({type:'fc', num_neurons:10});
        net = new convnetjs.Net();
        net.makeLayers(layer_defs);
        trainer = new convnetjs.SGDTrainer(net, {learning_rate:0.01});
    """

    slug = "absent-loss"
    message = "the list ends with `{type}`, which is no loss"
    note = "ConvNetJS trains it without a word, and no weight changes for the better"
    help = "end with `softmax` and `num_classes`, `svm` and `num_classes`, or `regression` and \
`num_neurons`"

    type: str


@dataclass(frozen=True)
class LossLess(Problem):
    """A list of ConvNetJS ends without a loss, so that it cannot be trained.

    What it computes is the output of its last layer.

    Example:
        layer_defs = [];
        layer_defs.push({type:'input', out_sx:8, out_sy:8, out_depth:3});
        layer_defs.push({type:'conv', sx:3, filters:4});
    """

    slug = "no-loss-layer"
    level = Level.WARNING
    message = "the list ends with `{type}`, which is no loss: the net can compute, not learn"
    help = "to train it, end with `softmax`, `svm` or `regression`"

    type: str


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


@dataclass(frozen=True)
class SizeMismatch(Problem):
    """A saved net of ConvNetJS says a size that does not follow from the layers before.

    The sizes in the file are written by ConvNetJS; where they do not fit, the file was changed by
    hand, or a part of it is missing. ConvNetJS loads it without a check.

    Example:
        {"layers": [
            {"layer_type": "input", "out_sx": 4, "out_sy": 4, "out_depth": 1},
            {"layer_type": "relu", "out_sx": 4, "out_sy": 4, "out_depth": 2}
        ]}
    """

    slug = "size-mismatch"
    message = "`{name}` is {value}, and follows from the layers before to be {wanted}"
    note = "ConvNetJS loads the net without a check"
    help = "save the net again with `toJSON`, or write {wanted}"

    name: str
    value: str
    wanted: str
