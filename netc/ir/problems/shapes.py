"""What can be wrong with shapes, and with sizes."""

from dataclasses import dataclass

from netc.diag import Fix, Label, Level, Problem


@dataclass(frozen=True)
class BadShape(Problem):
    """A layer cannot take the shape that reaches it.

    The label says what does not fit; the other places are where the shapes come from. Shapes are
    shown for one example, without the batch.

    Example:
        net a {
            input image [1, 4, 4]
            conv(8, kernel: 5)
        }
    """

    slug = "bad-shape"
    message = "`{layer}` does not fit its input"
    label = "{reason}"
    help = "{way_out}"

    layer: str
    reason: str
    way_out: str
    sources: tuple[Label, ...]
    change: Fix | None = None

    def others(self) -> tuple[Label, ...]:
        return self.sources

    def fixes(self) -> tuple[Fix, ...]:
        return (self.change,) if self.change else ()


@dataclass(frozen=True)
class UnreadEdge(Problem):
    """The windows of a layer do not reach the last rows or columns of the image.

    The step does not divide what is left beside the first window, so the lower or right edge is
    never looked at, and what is drawn there can make no difference.

    Example:
        net a {
            input image [1, 8, 8]
            conv(4, kernel: 3, stride: 2)
        }
    """

    slug = "unread-edge"
    level = Level.WARNING
    message = "`{layer}` never reads {edge} of its input"
    label = "steps of {stride} over {size}"
    help = "{way_out}"

    layer: str
    edge: str
    stride: str
    size: str
    way_out: str


@dataclass(frozen=True)
class OpenSize(Problem):
    """What a net is may not hang on a size that is not known.

    `input image [3, h, w]` leaves `h` and `w` open: the net is for images of any size, and its
    shapes are formulas. A comparison with such a size holds only where it holds for all of them,
    and options and loops take numbers that are known. `--set h=64` gives a size.

    Example:
        net a {
            input image [3, h, w]
            if image.height > 64 { max_pool(2) }
            output y = global_avg_pool
        }
    """

    slug = "open-size"
    message = "this hangs on a size that is not known"
    label = "{reason}"
    help = "{way_out}"

    reason: str
    way_out: str


@dataclass(frozen=True)
class TooLarge(Problem):
    """An array of the net would be larger than any machine's memory.

    Most often a size was mistyped. The limit is 2^40 numbers in one array.

    Example:
        net a {
            input x [4_000_000]
            dense(4_000_000)
        }
    """

    slug = "too-large"
    message = "`{layer}` is too large to be meant"
    label = "{what} would hold {count} numbers"
    help = "check {blamed}; the limit is 2^40 numbers in one array"

    layer: str
    what: str
    count: str
    blamed: str = "the sizes"
