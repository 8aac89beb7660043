"""What layers of several families ask of their inputs, so that they refuse in the same words."""

from collections.abc import Sequence

from netc.types import Reject, Tensor


def numbers(name: str, x: Tensor) -> None:
    """Ask for numbers for each example, which class labels are not and a loss has not."""
    if not x.batched:
        raise Reject(name, "this is one number for the whole batch, not a value of each example")
    if x.classes is not None:
        raise Reject(
            name,
            f"{x} is a class label, and this layer computes with numbers",
            help="labels go to losses and metrics that compare scores with classes",
        )
    if not x.is_float:
        raise Reject(name, f"this layer computes with floating point numbers, not with {x.dtype}")


def many(xs: Sequence[Tensor], *, at_least: int) -> None:
    """Ask for some number of values or more, all of them numbers."""
    if len(xs) < at_least:
        raise Reject("xs", f"joins {at_least} values or more, found {len(xs)}")
    for i, x in enumerate(xs):
        numbers(f"xs[{i}]", x)


def scores_and_label(scores: Tensor, label: Tensor) -> None:
    """Ask for one score for each of the classes that the label is one of."""
    numbers("scores", scores)
    if label.classes is None:
        raise Reject(
            "label",
            f"expected a class label, found numbers of shape {label}",
            help="declare it as the number of a class, not as one number for each class; "
            "numbers are compared with numbers by `euclidean_loss` or `sigmoid_loss`",
        )
    if label.shape:
        raise Reject("label", "expected one class label for each example")
    if scores.rank != 1:
        raise Reject(
            "scores",
            f"scores are {scores}, but must be one number for each class, [{label.classes}]",
            help=f"make them [{label.classes}] first, by flattening, pooling or a dense layer",
        )
    if scores.size != label.classes:
        raise Reject(
            "scores",
            f"scores have {scores.size} entries, label has {label.classes} classes",
            help=f"give the layer that makes the scores {label.classes} outputs",
        )


def same_shape(first: tuple[str, Tensor], second: tuple[str, Tensor]) -> None:
    """Ask for numbers of one and the same shape; the second is to blame when they differ."""
    (a, x), (b, y) = first, second
    numbers(a, x)
    numbers(b, y)
    if x.shape != y.shape:
        raise Reject(b, f"{b} is {y}, {a} is {x}", help="both must have the same shape")
