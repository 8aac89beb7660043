"""What is said of the code in a script, of which nothing is ever run."""

from dataclasses import dataclass

from netc.diag import Fix, Label, Level, Problem, Span


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
    help = "{reason}"

    written: str
    meant: str
    further: tuple[Label, ...]
    fix: Fix
    reason: str = ""

    def others(self) -> tuple[Label, ...]:
        return self.further

    def fixes(self) -> tuple[Fix, ...]:
        return (self.fix,)
