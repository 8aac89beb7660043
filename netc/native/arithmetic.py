"""The operations of formulas as instructions on vectors."""

from collections.abc import Callable, Sequence

from netc.native import elementary
from netc.native.formula import Step
from netc.native.function import Function

Operation = Callable[..., str]


def apply(f: Function, step: Step, given: Sequence[str]) -> str:
    """One step on vectors; conditions are masks."""
    if step.kind == "number":
        return f.constant(step.number)
    return _OPERATIONS[step.kind](f, *given)


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
    "absolute": Function.fabs,
    "sqrt": lambda f, x: f.intrinsic("sqrt", x),
    "floor": lambda f, x: f.intrinsic("floor", x),
    "exp": elementary.exp,
    "expm1": elementary.expm1,
    "log": elementary.log,
    "log1p": elementary.log1p,
    "tanh": elementary.tanh,
    "sigmoid": elementary.sigmoid,
    "normal_cdf": elementary.normal_cdf,
}
