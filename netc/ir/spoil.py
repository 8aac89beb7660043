"""Lines that cannot be walked through, because what decides about them is wrong."""

from netc import spec
from netc.ir.frame import Frame
from netc.ir.scope import Value, written_names


def spoil(statement: spec.If | spec.For | spec.Repeat | spec.When, frame: Frame) -> None:
    """Know what lines give as what is wrong, so that nothing is told that follows from it."""
    if frame.branches is None:
        frame.current = tuple(Value(value.name, None, value.span) for value in frame.current)
    else:
        frame.branches.append(Value("", None, statement.span))
    for name in written_names((statement,)):
        frame.scope.values.setdefault(name.text, Value(name.text, None, name.span))
    for let in _lets(statement):
        frame.scope.constants.setdefault(let.name.text, None)


def _lets(statement: spec.Statement) -> list[spec.Let]:
    """The constants of a statement that is no scope of its own."""
    match statement:
        case spec.Let():
            return [statement]
        case spec.If():
            lines = (*statement.body, *(statement.otherwise or ()))
            return [let for line in lines for let in _lets(line)]
        case spec.When():
            return [let for line in statement.body for let in _lets(line)]
    return []
