"""The operations of formulas as instructions on vectors."""

from collections.abc import Callable, Sequence

from netc.native.formula import Step
from netc.native.function import Function

Operation = Callable[..., str]


def apply(f: Function, step: Step, given: Sequence[str]) -> str:
    """One step on vectors; conditions are masks."""
    if step.kind == "number":
        return f.constant(step.number)
    return _OPERATIONS[step.kind](f, *given)


def _absolute(f: Function, x: str) -> str:
    return _intrinsic(f, "fabs", x)


def _intrinsic(f: Function, name: str, x: str) -> str:
    kind = "f32" if f.dtype == "f32" else "f64"
    return f.call(f.vector, f"llvm.{name}.v{f.lanes}{kind}", (f.vector, x))


_OPERATIONS: dict[str, Operation] = {
    "add": Function.fadd,
    "sub": Function.fsub,
    "mul": Function.fmul,
    "div": Function.fdiv,
    "maximum": Function.fmax,
    "minimum": Function.fmin,
    "greater": lambda f, a, b: f.compare("ogt", a, b),
    "equal": lambda f, a, b: f.compare("oeq", a, b),
    "select": Function.select,
    "absolute": _absolute,
    "sqrt": lambda f, x: _intrinsic(f, "sqrt", x),
    "floor": lambda f, x: _intrinsic(f, "floor", x),
}
