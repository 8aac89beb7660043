"""What can be wrong with the values in a script: what they are is not known, or none can be."""

from dataclasses import dataclass

from netc.diag import Fix, Label, Misspelt, Problem, Span


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
