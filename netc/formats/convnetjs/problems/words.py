"""What can be wrong with the words of a list: layer types, activations, methods."""

from dataclasses import dataclass

from netc.diag import Misspelt, Problem


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
