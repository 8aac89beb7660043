"""What layers of several families ask of their inputs, so that they refuse in the same words."""

from collections.abc import Sequence

from netc.sizes import is_open, way_to_close
from netc.types import Reject, Shape, Tensor, show_shape


def numbers(name: str, x: Tensor) -> None:
    """Ask for numbers for each example, which class labels are not and a loss has not."""
    if not x.batched:
        raise Reject(
            name,
            "this is one number for the whole batch, not a value of each example",
            help="nothing follows a loss or a metric; take what flows into it",
        )
    if x.classes is not None:
        are = "are class labels" if x.shape else "is a class label"
        advice = "labels go to losses and metrics that compare scores with classes, such as "
        advice += "`softmax_loss` and `accuracy`; `embed` makes numbers of them"
        raise Reject(name, f"{x} {are}, and this layer computes with numbers", help=advice)
    if not x.is_float:
        raise Reject(name, f"this layer computes with floating point numbers, not with {x.dtype}")


def many(xs: Sequence[Tensor], *, at_least: int) -> None:
    """Ask for some number of values or more, all of them numbers."""
    if len(xs) < at_least:
        raise Reject(
            "xs",
            f"joins {at_least} values or more, found {len(xs)}",
            help="leave the layer out, or give it another value",
        )
    for i, x in enumerate(xs):
        numbers(f"xs[{i}]", x)


def way_to_equal(x: Tensor, y: Tensor, usual: str = "") -> str:
    """The help where two shapes differ, which those of open sizes may do at some sizes only."""
    pairs = [(a, b) for a, b in zip(x.shape, y.shape, strict=False) if a != b]
    if all(is_open(pair) and int(pair[0]) == int(pair[1]) for pair in pairs):
        return f"they are equal for some sizes only; {way_to_close(x.shape + y.shape)}"
    return usual + _way_to_spread(x, y)


def _way_to_spread(x: Tensor, y: Tensor) -> str:
    """For a number of each channel beside an image, which other programs repeat by themselves."""
    one, image = sorted((x, y), key=lambda each: each.size)
    if one.rank != image.rank or image.rank < 2 or is_open(image.size):
        return ""
    if one.shape[0] != image.shape[0] or set(one.shape[1:]) != {1}:
        return ""
    return f"; `resize` with the `size` {show_shape(image.shape[1:])} makes {one} as large"


def channels(x: Tensor, purpose: str) -> None:
    """Ask for numbers that have channels; `purpose` is what for, such as `to pool`."""
    numbers("x", x)
    if x.rank == 0:
        raise Reject("x", f"a single number has no channels {purpose}")


def known_channels(x: Tensor) -> None:
    """Ask for a number of channels that is known, as a weight for each needs it."""
    if is_open(x.shape[0]):
        reason = f"the number of channels, {x.shape[0]}, is not known"
        raise Reject("x", reason, help="write a number for it, such as 3")


def known_size(x: Tensor) -> None:
    """Ask for a number of inputs that is known, as a weight for each needs it."""
    if is_open(x.size):
        raise Reject(
            "x",
            f"the size of its input, {_product(x.shape)}, is not known",
            help=f"put `global_avg_pool` before it, or {way_to_close(x.shape)}",
        )


def _product(shape: Shape) -> str:
    """`64 * h * (w // 2)`."""
    sides = [str(side) for side in shape]
    return " * ".join(f"({s})" if " " in s and len(sides) > 1 else s for s in sides)


def scores_and_label(scores: Tensor, label: Tensor, *, name: str = "scores") -> None:
    """Ask for one score for each of the classes that the label is one of.

    A map of labels wants a map of scores: [classes, ...] for each of its places. `name` is what
    the layer calls its scores.
    """
    if scores.batched and scores.classes is not None:
        raise Reject(
            name,
            f"{name} {_are(name)} {scores}, which stands for classes, and must be numbers",
            help="give scores, such as those that `argmax` made it of"
            if label.classes is not None
            else f"the two are swapped: {name} first, then the label",
        )
    numbers(name, scores)
    if label.classes is None:
        raise Reject(
            "label",
            f"expected a class label, found numbers of shape {label}",
            help="declare it as the number of a class; numbers are compared with numbers by "
            "`euclidean_loss` or `sigmoid_loss`, and with probabilities that are wanted, one for "
            "each class, by `softmax_loss`",
        )
    if not label.batched:
        raise Reject("label", "expected class labels of each example")
    _one_for_each(scores, label, name)
    if scores.shape[1:] != label.shape:
        places, labels = Tensor(scores.shape[1:]), Tensor(label.shape)
        raise Reject(
            name,
            f"{name} {_are(name)} of {places} places, label is of {labels}",
            help=way_to_equal(places, labels, "each place needs a label of its own"),
        )


def _one_for_each(scores: Tensor, label: Tensor, name: str) -> None:
    """Ask for as many scores as there are classes, in a map where the label is one."""
    wanted = show_shape((label.classes or 0, *label.shape))
    if scores.rank != 1 + label.rank:
        each = "for each class and place" if label.rank else "number for each class"
        raise Reject(
            name,
            f"{name} {_are(name)} {scores}, but must be one {each}, {wanted}",
            help="make a map of them, by convolutions alone"
            if label.rank
            else f"make them {wanted} first, by flattening, pooling or a dense layer",
        )
    if scores.shape[0] != label.classes:
        entries = "channels" if label.rank else "entries"
        raise Reject(
            name,
            f"{name} {_have(name)} {scores.shape[0]} {entries}, label has {label.classes} classes",
            help=f"give the layer that makes the {name} {label.classes} outputs, "
            f"or the label {scores.shape[0]} classes",
        )


def same_shape(first: tuple[str, Tensor], second: tuple[str, Tensor]) -> None:
    """Ask for numbers of one and the same shape; the second is to blame when they differ."""
    (a, x), (b, y) = first, second
    numbers(a, x)
    numbers(b, y)
    if x.shape != y.shape:
        usual = "both must have the same shape"
        raise Reject(b, f"{b} {_are(b)} {y}, {a} {_are(a)} {x}", help=way_to_equal(x, y, usual))


def _are(name: str) -> str:
    """How an input is spoken of: `scores are`, `target is`."""
    return "are" if name.endswith("s") else "is"


def _have(name: str) -> str:
    return "have" if name.endswith("s") else "has"
