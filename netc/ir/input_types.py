"""What an `input` line says: an array of numbers, or a class."""

from netc import spec
from netc.diag import Problem, nearest
from netc.ir.apply import LARGEST, numbers
from netc.ir.constants import Constant, described, is_number, shown
from netc.ir.evaluate import Evaluator
from netc.ir.frame import Frame
from netc.ir.problems import BadInput, TooLarge
from netc.sizes import Size
from netc.types import Tensor


def input_type(statement: spec.Input, frame: Frame, problems: list[Problem]) -> Tensor | None:
    """The type of an input, or None after adding what is wrong with its line.

    A name that is no constant is an open size.
    """
    written = statement.type
    reader = _Reader(statement, frame, problems)
    if isinstance(written, spec.Call):
        return reader.classes(written)
    found = [reader.side(item) for item in written.items]
    if not found:
        reader.refuse(written, "at least one size is needed")
    known = tuple(side for side in found if side is not None)
    if not found or len(known) < len(found):
        return None
    type = Tensor(known)
    if numbers(type) <= LARGEST:
        return type
    name, what, count = statement.name.text, "this input", f"{numbers(type):.1e}"
    problems.append(TooLarge(written.span, layer=name, what=what, count=count))
    return None


class _Reader:
    """Reads the parts of one `input` line."""

    def __init__(self, statement: spec.Input, frame: Frame, problems: list[Problem]) -> None:
        self._statement, self._frame, self._problems = statement, frame, problems
        self._evaluator = Evaluator(problems, frame)

    def classes(self, written: spec.Call) -> Tensor | None:
        if written.type.text != "class":
            self.refuse(written.type, f"`{written.type.text}` is no kind of input")
            return None
        values = [argument.value for argument in written.arguments]
        count = None
        if len(values) == 1 and not isinstance(values[0], spec.Chain):
            count = self._evaluator.constant(values[0])
            if count is None:
                return None
        if type(count) is int and count >= 2:
            return Tensor((), "i64", classes=count)
        self.refuse(written, "`class` takes the number of classes, at least 2")
        return None

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

    def refuse(self, place: spec.Value, reason: str) -> None:
        self._problems.append(BadInput(place.span, name=self._statement.name.text, reason=reason))


def _not_a_size(written: spec.Value, size: Constant) -> str:
    reason = "every size must be a whole number, at least 1"
    if isinstance(written, spec.Number):
        return reason
    return f"{reason}; this is {shown(size) if is_number(size) else described(size)}"
