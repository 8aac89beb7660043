"""What can be wrong with the order of a list, above all with where its loss is."""

from dataclasses import dataclass

from netc.diag import Label, Level, Problem, Span


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
class NoLossLayer(Problem):
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
