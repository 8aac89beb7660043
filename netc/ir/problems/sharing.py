"""What can be wrong with layers that are made once and used many times."""

from dataclasses import dataclass

from netc.diag import Label, Misspelt, Problem, Span


@dataclass(frozen=True)
class SharedMismatch(Problem):
    """A shared layer is used on a value for which its weights have the wrong shape.

    The first use fixes the shapes of the weights.

    Example:
        net a {
            input x [4]
            input y [5]
            layer tower = dense(10)
            output left = x -> tower
            output right = y -> tower
        }
    """

    slug = "shared-mismatch"
    message = "`{layer}` cannot be shared with this value"
    label = "`{weight}` would be {found}, and is {wanted}"
    help = "values that share a layer must have shapes that need the same weights"

    layer: str
    weight: str
    found: str
    wanted: str
    first: Span

    def others(self) -> tuple[Label, ...]:
        # Where a block or a loop comes by again, the way there tells the two uses apart.
        return (Label(self.first, "first used here"),) if self.first != self.span else ()


@dataclass(frozen=True)
class SharedAgain(Problem):
    """A shared layer is made of another shared layer.

    `layer a = dense(10)` makes one layer for all that use `a`; a second name for it is not needed.

    Example:
        net a {
            input x [4]
            layer tower = dense(4)
            layer again = tower
            output x -> tower -> again
        }
    """

    slug = "shared-again"
    message = "`{name}` is a shared layer already"
    label = "a layer type or a block is wanted here"
    help = "use `{name}` itself in a chain, as often as you like"

    name: str


@dataclass(frozen=True)
class NoSuchWeight(Misspelt):
    """A layer is tied to another that is not there, or that has no weight.

    `tied_to: conv_1` uses the `weight` of `conv_1` a second time, as in an autoencoder whose
    decoder has the filters of its encoder. The layer must stand further up, and its weight must
    have the shape this one needs.

    Example:
        net a {
            input image [3, 8, 8]
            down = conv(8, kernel: 3)
            output up = deconv(3, kernel: 3, tied_to: dawn)
        }
    """

    slug = "no-such-weight"
    message = "no layer called `{name}` has a weight to be tied to"
    label = "not a layer with a weight"

    name: str


@dataclass(frozen=True)
class OptionsOfShared(Problem):
    """A shared layer gets options where it is used; they belong where it is made.

    Example:
        net a {
            input x [4]
            layer tower = dense(10)
            tower(20)
        }
    """

    slug = "options-of-shared"
    message = "`{layer}` is made already, and takes no options here"
    label = "cannot be set here"
    help = "options stand where the layer is made: `layer {layer} = ...`"

    layer: str
