"""What an `input` line says: an array of numbers, a class, or an array of classes."""

from collections.abc import Sequence

from netc import spec
from netc.diag import Problem, Span, nearest
from netc.ir.apply import LARGEST, numbers
from netc.ir.constants import Constant, described, is_number, shown
from netc.ir.evaluate import Evaluator
from netc.ir.frame import Frame
from netc.ir.problems import BadInput, TooLarge
from netc.sizes import Size
from netc.types import Shape, Tensor


def input_type(statement: spec.Input, frame: Frame, problems: list[Problem]) -> Tensor | None:
    """The type of an input, or None after adding what is wrong with its line.

    A name that is no constant is an open size.
    """
    reader = _Reader(statement, frame, problems)
    classes = reader.classes(statement.type) if isinstance(statement.type, spec.Call) else None
    sizes = next(iter(statement.lists), None)
    shape = reader.shape(sizes) if sizes else ()
    if shape is None or (isinstance(statement.type, spec.Call) and classes is None):
        return None
    type = Tensor(shape) if classes is None else Tensor(shape, "i64", classes=classes)
    if sizes is None or numbers(type) <= LARGEST:
        return type
    name, what, count = statement.name.text, "this input", f"{numbers(type):.1e}"
    problems.append(TooLarge(sizes.span, layer=name, what=what, count=count))
    return None


class _Reader:
    """Reads the parts of one `input` line."""

    def __init__(self, statement: spec.Input, frame: Frame, problems: list[Problem]) -> None:
        self._statement, self._frame, self._problems = statement, frame, problems
        self._evaluator = Evaluator(problems, frame)

    def classes(self, written: spec.Call) -> int | None:
        """How many classes there are, or None where that is not said."""
        if written.type.text != "class":
            self.refuse(written.type, f"`{written.type.text}` is no kind of input")
            return None
        values = [argument.value for argument in written.arguments]
        if len(values) > 1:
            reason = "`class` takes the number of classes and nothing else"
            self.refuse(written, reason, _sizes_behind(values))
            return None
        count = None
        if len(values) == 1 and not isinstance(values[0], spec.Chain):
            count = self._evaluator.constant(values[0])
            if count is None:
                return None
        if type(count) is int and count >= 2:
            return count
        self.refuse(written, "`class` takes the number of classes, at least 2")
        return None

    def shape(self, written: spec.List) -> Shape | None:
        """The sizes of a list, or None where one of them is none."""
        found = [self.side(item) for item in written.items]
        if not found:
            self.refuse(written, "at least one size is needed")
        known = tuple(side for side in found if side is not None)
        return known if found and len(known) == len(found) else None

    def side(self, written: spec.Value) -> int | None:
        """One size, or None where it is none."""
        if isinstance(written, spec.Name) and not self._frame.scope.is_constant(written.text):
            known = self._frame.scope.all_constants()
            if nearest(written.text, known) is None:
                return Size.symbol(written.text)
        size = self._evaluator.constant(written)
        if size is None or (type(size) is int and size >= 1):
            return size
        self.refuse(written, _not_a_size(written, size))
        return None

    def refuse(self, place: spec.Value, reason: str, way_out: str = BadInput.way_out) -> None:
        name = self._statement.name.text
        self._problems.append(BadInput(place.span, name=name, reason=reason, way_out=way_out))


def _sizes_behind(values: Sequence[spec.Value | spec.Chain]) -> str:
    """How `class(21, 28, 28)` and `class(21, [28, 28])` are written."""
    count, *sizes = values
    listed = sizes[0].items if isinstance(sizes[0], spec.List) and len(sizes) == 1 else sizes
    shape = ", ".join(_text(size.span) for size in listed)
    return f"write `class({_text(count.span)}) [{shape}]` where an example has many labels"


def _text(span: Span) -> str:
    return span.source.text[span.start : span.end]


def _not_a_size(written: spec.Value, size: Constant) -> str:
    reason = "every size must be a whole number, at least 1"
    if isinstance(written, spec.Number):
        return reason
    return f"{reason}; this is {shown(size) if is_number(size) else described(size)}"
