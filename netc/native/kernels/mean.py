"""The sums of blocks and threads put together to the one number of a loss or measure."""

from dataclasses import dataclass

from netc.native.function import Function
from netc.native.kernel import Argument, Kernel, pointers
from netc.native.kernels.columns import load_integers
from netc.native.target import Target


@dataclass(frozen=True)
class Mean(Kernel):
    """`y` is the sum of `number` doubles at `sums`, in order, over `count`, an integer; 0 where
    that is 0. `factor` times it, to be exact."""

    factor: float = 1.0

    @property
    def arguments(self) -> tuple[Argument, ...]:
        return (*pointers("sums", "count", "y"), Argument("number", "integer"))

    def lanes(self, target: Target) -> int:
        return 1

    def emit(self, f: Function, target: Target) -> None:
        double = "<1 x double>"
        with f.loop(0, "%number", carry=["zeroinitializer"], type=double, guard=True) as loop:
            place = f.at("%sums", loop.counter, "double")
            found = f.op(f"load {double}, ptr {place}, align 8")
            loop.new = [f.op(f"fadd {double} {loop.given[0]}, {found}")]
        total = f.op(f"extractelement {double} {loop.out[0]}, i32 0")
        count = f.op(f"sitofp i64 {f.most(f.load_int('%count'), 1)} to double")
        mean = f.op(f"fdiv double {total}, {count}")
        if self.factor != 1:
            mean = f.op(f"fmul double {mean}, {Function('f64', 1).scalar(self.factor)}")
        if f.dtype == "f32":
            mean = f.op(f"fptrunc double {mean} to float")
        f.store(mean, "%y")


@dataclass(frozen=True)
class CountLabels(Kernel):
    """`count`, an integer, is how many labels of the first `valid` examples, with `places` each,
    are not `ignore`."""

    ignore: int
    places: int

    @property
    def arguments(self) -> tuple[Argument, ...]:
        return (*pointers("label", "count"), Argument("valid", "integer"))

    def emit(self, f: Function, target: Target) -> None:
        kind, number = f"<{f.lanes} x i64>", f.mul("%valid", self.places)
        with f.loop(0, number, f.lanes, ["zeroinitializer"], type=kind, guard=True) as loop:
            mask = f.first_lanes(f.sub(number, loop.counter))
            label = load_integers(f, f.at("%label", loop.counter, "i64"), mask)
            counts = f.op(f"icmp ne {kind} {label}, {f.splat_int(self.ignore)}")
            one = f.op(f"zext {f.mask} {f.both(counts, mask)} to {kind}")
            loop.new = [f.op(f"add {kind} {loop.given[0]}, {one}")]
        total = f.call("i64", f"llvm.vector.reduce.add.v{f.lanes}i64", (kind, loop.out[0]))
        f.do(f"store i64 {total}, ptr %count, align 8")
