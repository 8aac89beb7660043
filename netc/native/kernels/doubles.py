"""Sums in double precision of what kernels compute in any: losses, and counts of right answers."""

from netc.native.function import Function


def double_type(f: Function) -> str:
    """The type of a vector of sums."""
    return f"<{f.lanes} x double>"


def add_doubles(f: Function, sums: str, vector: str) -> str:
    """A vector of sums, a vector of numbers added to it."""
    if f.dtype == "f32":
        vector = f.op(f"fpext {f.vector} {vector} to {double_type(f)}")
    return f.op(f"fadd {double_type(f)} {sums}, {vector}")


def store_total(f: Function, sums: str, pointer: str) -> None:
    """Put the sum of all lanes into a number of 64 bits."""
    name = f"llvm.vector.reduce.fadd.v{f.lanes}f64"
    f.declarations[f"declare double @{name}(double, {double_type(f)})"] = None
    start = "0x8000000000000000"  # -0, to which anything is added as it is
    total = f.op(f"call reassoc double @{name}(double {start}, {double_type(f)} {sums})")
    f.do(f"store double {total}, ptr {pointer}, align 8")
