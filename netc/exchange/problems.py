"""What a net has that another program has no word for."""

from dataclasses import dataclass

from netc.diag import Problem, Span


@dataclass(frozen=True)
class NotInConvNetJS(Problem):
    """A net has something that ConvNetJS cannot compute, so that it cannot be written for it.

    A net of ConvNetJS is a list: one input, layers that each take what the one before gives, and
    one loss at the end. Its layers are `conv`, `dense`, `max_pool`, `relu`, `sigmoid`, `tanh`,
    `channel_pool`, `dropout`, `lrn` and `quadratic` in netc's words, its losses `softmax_loss`,
    `svm_loss` and `euclidean_loss`. Filters and windows have one stride and one pad, and sizes are
    rounded down.

    Example:
        netc convert resnet.net -o resnet.js
    """

    slug = "not-in-convnetjs"
    message = "{what}"
    label = "cannot be written for ConvNetJS"
    help = "{way_out}"

    what: str
    way_out: str


class NotThere(Exception):
    """Carries the problem from where it is found to who writes the net."""

    def __init__(self, span: Span | None, what: str, way_out: str = "") -> None:
        super().__init__(what)
        self.problem = NotInConvNetJS(span, what=what, way_out=way_out)
