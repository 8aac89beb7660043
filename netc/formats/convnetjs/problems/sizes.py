"""What can be wrong with sizes, which ConvNetJS works out and never looks at."""

from dataclasses import dataclass

from netc.diag import Label, Level, Problem


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
