"""Images whose last rows or columns no window of a layer reaches: allowed, and seldom meant."""

from netc.diag import Problem, Span
from netc.ir.problems import UnreadEdge
from netc.layers import Layer
from netc.sizes import is_open
from netc.types import Tensor


def unread_edge(
    layer: Layer, name: str, span: Span, inputs: list[Tensor], y: Tensor
) -> list[Problem]:
    """A warning where the windows of a layer leave out the lower or right edge.

    Windows smaller than their step leave out places everywhere, which is meant; and what is left
    out of an image of open size hangs on that.
    """
    window = layer.window(*inputs)
    if window is None or not window.pad:
        return []
    sides, counts = inputs[0].shape[1:], y.shape[1:]
    lost = [
        side - int((count - 1) * stride + kernel - pad)
        if kernel >= stride and not is_open(side)
        else 0
        for side, count, kernel, stride, pad in zip(
            sides, counts, window.kernel, window.stride, window.pad, strict=True
        )
    ]
    words = ("number",) if len(sides) == 1 else ("plane", "row", "column")[-len(sides) :]
    edges = [_last(count, word) for count, word in zip(lost, words, strict=True) if count > 0]
    if not edges:
        return []
    kernel, stride = max(zip(window.kernel, window.stride, lost, strict=True), key=lambda w: w[2])[
        :2
    ]
    return [
        UnreadEdge(
            span,
            layer=name,
            edge=" and ".join(edges),
            stride=str(stride),
            size=str(inputs[0]),
            way_out=f"all is read when side + 2 * pad - {kernel} is a multiple of {stride}",
        )
    ]


def _last(count: int, word: str) -> str:
    return f"the last {word}" if count == 1 else f"the last {count} {word}s"
