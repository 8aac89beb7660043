"""What can be wrong with a script of ConvNetJS before anyone asks what its layers mean."""

from dataclasses import dataclass

from netc.diag import Fix, Label, Level, Misspelt, Problem, Repeated, Span


@dataclass(frozen=True)
class UndefinedVariable(Misspelt):
    """A script uses a variable that has no value at this place.

    Where `layer_defs` itself is meant, a script begins with `layer_defs = [];`. In a browser the
    script stops here, and says so in the console only.

    Example:
        layer_defs = [];
        layer_defs.push({type:'input', out_sx:1, out_sy:1, out_depth:2});
        layer_defs.push({type:'softmax', num_classes:classes});
    """

    slug = "undefined-variable"
    message = "`{name}` has no value here"

    name: str
    later: Span | None = None
    insert: Fix | None = None

    def others(self) -> tuple[Label, ...]:
        return (Label(self.later, "it is set here, too late"),) if self.later else ()

    def fixes(self) -> tuple[Fix, ...]:
        return (self.insert,) if self.insert else super().fixes()


@dataclass(frozen=True)
class UnknownNumber(Problem):
    """A value is needed here that only a run of the script would show.

    netc reads scripts and never runs them: it knows numbers, texts, lists, objects, what is
    computed of them with `+ - * / % **`, and `Math.floor`, `round`, `ceil`, `sqrt`, `pow`, `min`
    and `max`.

    Example:
        layer_defs = [];
        layer_defs.push({type:'input', out_sx:1, out_sy:1, out_depth:images[0].length});
        layer_defs.push({type:'softmax', num_classes:10});
    """

    slug = "unread-value"
    message = "this value is not known without running the script"
    help = "write the value itself: a script is read and never run"

    origin: Span | None = None

    def others(self) -> tuple[Label, ...]:
        return (Label(self.origin, "it comes from here"),) if self.origin else ()


@dataclass(frozen=True)
class UnreadArgument(Problem):
    """A net is made in a function, and takes a number that the function is given.

    Who calls the function decides about it. Where a script calls it once, with a number or a text,
    or where the parameter has a default, that is the value.

    Example:
        function makeNet(classes) {
            layer_defs = [];
            layer_defs.push({type:'input', out_sx:1, out_sy:1, out_depth:2});
            layer_defs.push({type:'softmax', num_classes:classes});
        }
    """

    slug = "unread-argument"
    message = "`{name}` is given to {function}, so its value is not known here"
    help = "{way_out}"

    name: str
    function: str
    parameter: Span
    is_given: bool = False  # by a call in the script
    way_out: str = "write the value itself: a script is read and never run"

    def others(self) -> tuple[Label, ...]:
        return (Label(self.parameter, "given here"),)


@dataclass(frozen=True)
class AssumedCode(Problem):
    """Which net a script makes depends on what happens while it runs, and netc takes one.

    A script is read and never run. A net that is made under a condition is read as if it held, a
    parameter has its default, and of several nets the first is read.

    Example:
        function makeNet(neurons = 20) {
            layer_defs = [];
            layer_defs.push({type:'input', out_sx:1, out_sy:1, out_depth:2});
            layer_defs.push({type:'fc', num_neurons:neurons, activation:'relu'});
            layer_defs.push({type:'softmax', num_classes:3});
        }
    """

    slug = "assumed-code"
    level = Level.WARNING
    message = "{what}"
    label = "{here}"
    help = "{way_out}"

    what: str
    here: str = ""
    way_out: str = ""
    further: tuple[Span, ...] = ()

    def others(self) -> tuple[Label, ...]:
        return tuple(Label(span, "here too") for span in self.further)


@dataclass(frozen=True)
class BadScript(Problem):
    """Something in a script cannot be what it has to be.

    A list of layers is a list of objects, and a number a finite one.

    Example:
        layer_defs = {};
        layer_defs.push({type:'input', out_sx:1, out_sy:1, out_depth:2});
    """

    slug = "bad-script"
    message = "{what}"
    label = "{expected}"
    help = "{way_out}"

    what: str
    expected: str = ""
    way_out: str = ""


@dataclass(frozen=True)
class UnreadCode(Problem):
    """Code that is not read changes the layers or what they are made of.

    Loops, conditions and functions are left out, since a script is read and never run. What they
    do to the list of layers would be missing in the net, so the layers have to be written out.

    Example:
        layer_defs = [];
        layer_defs.push({type:'input', out_sx:1, out_sy:1, out_depth:2});
        for (var i = 0; i < 3; i++) {
            layer_defs.push({type:'fc', num_neurons:20, activation:'relu'});
        }
        layer_defs.push({type:'softmax', num_classes:10});
    """

    slug = "unread-code"
    message = "`{name}` is changed by {what}, which is not read"
    label = "changed here"
    help = "{way_out}"

    name: str
    what: str
    way_out: str


@dataclass(frozen=True)
class SkippedCode(Problem):
    """A script says more than what the net is and how it is trained, and that is not read.

    Data, drawings, calls of `forward` and `train` and the like mean nothing to netc. Nothing in a
    script is ever run.

    Example:
        layer_defs = [];
        layer_defs.push({type:'input', out_sx:1, out_sy:1, out_depth:2});
        layer_defs.push({type:'softmax', num_classes:10});
        net = new convnetjs.Net();
        net.makeLayers(layer_defs);
        console.log('ready');
    """

    slug = "skipped-code"
    level = Level.WARNING
    message = "{what} left out, as nothing is said of the net or of how it is trained"
    label = "{first}"

    what: str
    first: str = ""


@dataclass(frozen=True)
class CopiedText(Problem):
    """A line looks as if it was copied from slides or a document, which change what is written.

    `layer_defs` becomes `layer defs`, straight quotes become curly ones, and a minus sign a dash.
    `netc check --fix` puts them back.

    Example:
        layer defs = [];
        layer defs.push({type:‘input’, out sx:1, out sy:1, out depth:2});
        layer defs.push({type:‘softmax’, num classes:10});
    """

    slug = "copied-text"
    message = "`{written}` is written `{meant}`"
    help = "a text that is copied from slides loses its underscores and its straight quotes"

    written: str
    meant: str
    further: tuple[Label, ...]
    fix: Fix

    def others(self) -> tuple[Label, ...]:
        return self.further

    def fixes(self) -> tuple[Fix, ...]:
        return (self.fix,)


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
