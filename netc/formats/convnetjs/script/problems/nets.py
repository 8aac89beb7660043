"""What can be wrong with the nets in a script, before anyone asks what its layers mean."""

from dataclasses import dataclass

from netc.diag import Level, Misspelt, Problem, Repeated


@dataclass(frozen=True)
class NoScript(Problem):
    """A web page with a net of ConvNetJS holds it in a script, and this one does not.

    The scripts of a page are read if they stand in the page. The demo pages of ConvNetJS show
    their net in a box: what stands there is what netc reads.

    Example:
        <html>
        <body onload="start()"><div id="net"></div></body>
        </html>
    """

    slug = "no-script"
    message = "this is a web page, and no script in it makes a net"
    help = "copy the text with `layer_defs` out of it, into a `.js` file"


@dataclass(frozen=True)
class NoLayerDefs(Problem):
    """A `.js` file is read for the layers of a net of ConvNetJS, and this one has none.

    They are a list that is called `layer_defs` or given to `makeLayers`.

    Example:
        var trainer_defs = [];
        trainer_defs.push({method:'sgd', learning_rate:0.01});
    """

    slug = "no-layer-defs"
    message = "{what}"
    help = "{way_out}"

    what: str
    way_out: str = (
        "begin with `layer_defs = [];` and "
        "`layer_defs.push({type:'input', out_sx:28, out_sy:28, out_depth:1});`"
    )


@dataclass(frozen=True)
class SecondNet(Repeated):
    """A script makes a second net, and the first is read.

    A file holds one net. To use another one, put the lines that make it into a file of its own.

    Example:
        a = new convnetjs.Net();
        a.makeLayers([{type:'input', out_depth:2}, {type:'softmax', num_classes:2}]);
        b = new convnetjs.Net();
        b.makeLayers([{type:'input', out_depth:3}, {type:'softmax', num_classes:2}]);
    """

    slug = "second-net"
    level = Level.WARNING
    message = "this script makes a second net, which is left out"
    label = "the second one"
    help = "put each into a file of its own"
    first_label = "the first one, which is read"


@dataclass(frozen=True)
class UnknownConstructor(Misspelt):
    """A script makes something with `new` that ConvNetJS does not have.

    It has `Net`, `Trainer`, also called `SGDTrainer`, `Vol`, `MagicNet`, a class for each layer,
    and `deepqlearn.Brain`.

    Example:
        layer_defs = [];
        layer_defs.push({type:'input', out_sx:1, out_sy:1, out_depth:2});
        layer_defs.push({type:'softmax', num_classes:10});
        net = new convnetjs.Network();
        net.makeLayers(layer_defs);
    """

    slug = "unknown-constructor"
    message = "there is no `{name}` in ConvNetJS"

    name: str


@dataclass(frozen=True)
class UnfitAgent(Problem):
    """The net of `deepqlearn.Brain` has not as many inputs or outputs as the agent feeds and reads.

    The agent gives it what it senses now, and what it sensed and did in each of the
    `temporal_window` steps before; the net answers with a value for each action. ConvNetJS writes
    TROUBLE to the console, and goes on.

    Example:
        layer_defs = [];
        layer_defs.push({type:'input', out_sx:1, out_sy:1, out_depth:3});
        layer_defs.push({type:'regression', num_neurons:2});
        brain = new deepqlearn.Brain(3, 2, {temporal_window:1, layer_defs:layer_defs});
    """

    slug = "unfit-agent"
    level = Level.WARNING
    message = "the net has {given} {side}, and the agent needs {wanted}"
    help = "{way_out}"

    given: int
    side: str
    wanted: int
    way_out: str
