"""What can be wrong with the options of a definition, or of a trainer."""

from dataclasses import dataclass

from netc.diag import Fix, Level, Misspelt, Problem


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
    message = "`{type}` lacks {name}"
    label = "the {noun} missing here"
    note = "{consequence}"
    help = "{way_out}"

    type: str
    name: str
    consequence: str
    way_out: str
    noun: str = "option is"


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
