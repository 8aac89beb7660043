"""Exponentials and logarithms of vectors: short polynomials in the place of a call for each number.

`x` is cut into a whole number of times log 2, which becomes an exponent, and a rest, of which a
polynomial tells the exponential; a logarithm goes the other way. Infinities, numbers below the
least normal one and what is no number come out as in the C library.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, nan, sqrt

from netc.kernels.normal import FAR, MIDDLE, POLYNOMIALS
from netc.native.function import Function
from netc.types import NUMPY_DTYPES, Dtype


@dataclass(frozen=True)
class Format:
    """How numbers of a type are made up, and polynomials that are as exact as it.

    `exp` are the factors of r^3, r^4... in e^r, for |r| up to log(2) / 2; `log` those of s^2,
    s^4... in log((1 + s) / (1 - s)) / s - 2. `log2` is log 2 in two parts, the first with so few
    bits that its products with exponents are exact. Below `lowest` an exponential is 0 and above
    `highest` infinite; beside that of `flat` 1 is nothing.
    """

    bits: int
    mantissa: int
    exp: tuple[float, ...]
    log: tuple[float, ...]
    log2: tuple[float, float]
    lowest: float
    highest: float
    flat: float

    @property
    def bias(self) -> int:
        """The exponent of 1, as it is stored."""
        return (1 << (self.bits - self.mantissa - 2)) - 1

    @property
    def rounder(self) -> float:
        """So large that what is added to it is rounded to a whole number, in its last bits."""
        return 1.5 * 2.0**self.mantissa


# exp: the polynomials nearest to e^r, worked out with 60 digits; they are off by 3e-10 and 3e-19.
# log: those of fdlibm (e_logf.c, e_log.c).
_FORMATS: dict[Dtype, Format] = {
    "f32": Format(
        bits=32,
        mantissa=23,
        exp=(
            0.16666666696940066692,
            0.041666553742518176269,
            0.0083333007074795446505,
            0.0013926327841608078575,
            0.00019899511424937908455,
        ),
        log=(0.66666662693, 0.40000972152, 0.28498786688, 0.24279078841),
        log2=(6.9313812256e-01, 9.0580006145e-06),
        lowest=-104.0,
        highest=89.0,
        flat=20.0,
    ),
    "f64": Format(
        bits=64,
        mantissa=52,
        exp=(
            0.16666666666666667468,
            0.041666666666666672389,
            0.0083333333333300114855,
            0.0013888888888880822666,
            0.00019841269863304354677,
            0.000024801587334320978165,
            2.7557268071397802926e-6,
            2.7557263899202333504e-7,
            2.510056989267664317e-8,
            2.0918294288774943352e-9,
        ),
        log=(
            6.666666666666735130e-01,
            3.999999999940941908e-01,
            2.857142874366239149e-01,
            2.222219843214978396e-01,
            1.818357216161805012e-01,
            1.531383769920937332e-01,
            1.479819860511658591e-01,
        ),
        log2=(6.93147180369123816490e-01, 1.90821492927058770002e-10),
        lowest=-746.0,
        highest=710.0,
        flat=40.0,
    ),
}


def exp(f: Function, x: str) -> str:
    """e^x."""
    format = _FORMATS[f.dtype]
    whole, rest = _parts(f, _between(f, format.lowest, x, format.highest))
    # Half of the exponent at a time, for those below the least normal number, and above the
    # greatest.
    half = _int(f, "ashr", whole, _ints(f, 1))
    grown = f.fmul(f.fadd(rest, f.constant(1)), _power(f, half))
    return f.fmul(grown, _power(f, _int(f, "sub", whole, half)))


def expm1(f: Function, x: str) -> str:
    """e^x - 1, with all digits where x is near 0."""
    format = _FORMATS[f.dtype]
    whole, rest = _parts(f, _between(f, -format.flat, x, format.highest))
    # Half of the result, since the full power of two may be too large. Where it is 1/2, what is
    # added is 0 and the small rest keeps its digits.
    power = _power(f, _int(f, "sub", whole, _ints(f, 1)))
    return f.fmul(f.constant(2), f.fma(power, rest, f.fsub(power, f.constant(0.5))))


def log(f: Function, x: str) -> str:
    """The natural logarithm."""
    format = _FORMATS[f.dtype]
    least = 2.0 ** (1 - format.bias)
    is_tiny = f.compare("olt", x, f.constant(least))
    lifted = f.select(is_tiny, f.fmul(x, f.constant(2.0**format.mantissa)), x)
    exponent, m = _mantissa(f, lifted)
    lowered = f.fsub(exponent, f.constant(format.mantissa))
    exponent = f.select(is_tiny, lowered, exponent)
    over = f.fsub(m, f.constant(1))
    s = f.fdiv(over, f.fadd(over, f.constant(2)))
    square = f.fmul(s, s)
    series = f.fmul(square, polynomial(f, square, format.log))
    half = f.fmul(f.constant(0.5), f.fmul(over, over))
    high, low = map(f.constant, format.log2)
    found = f.fma(s, f.fadd(half, series), f.fmul(exponent, low))
    found = f.fma(exponent, high, f.fadd(over, f.fsub(found, half)))
    return _with_edges(f, x, found)


def log1p(f: Function, x: str) -> str:
    """log(1 + x), with all digits where x is near 0."""
    above = f.fadd(f.constant(1), x)
    kept = f.fsub(above, f.constant(1))
    # What is lost in the addition is made up for by x / kept (Kahan).
    found = f.fmul(log(f, above), f.fdiv(x, kept))
    found = f.select(f.compare("oeq", kept, f.constant(0)), x, found)
    return f.select(f.compare("oeq", x, f.constant(inf)), x, found)


def tanh(f: Function, x: str) -> str:
    flat = _FORMATS[f.dtype].flat
    grown = expm1(f, _between(f, -flat, f.fadd(x, x), flat))
    return f.fdiv(grown, f.fadd(grown, f.constant(2)))


def sigmoid(f: Function, x: str) -> str:
    falling = exp(f, f.fneg(x))
    return f.fdiv(f.constant(1), f.fadd(falling, f.constant(1)))


def normal_cdf(f: Function, x: str) -> str:
    """How likely a number of the normal distribution is below x; see netc.kernels.normal."""
    near = f.fmin(f.constant(FAR), f.fabs(x))
    z = f.fmul(near, f.constant(sqrt(0.5)))
    middle = f.constant(MIDDLE)
    t = f.fdiv(f.fsub(z, middle), f.fadd(z, middle))
    series = polynomial(f, t, POLYNOMIALS[NUMPY_DTYPES[f.dtype]])
    weight = f.fma(z, f.constant(4), f.constant(2))
    beyond = f.fmul(f.fdiv(series, weight), exp(f, f.fneg(f.fmul(z, z))))
    above = f.compare("ogt", x, f.constant(0))
    return f.select(above, f.fsub(f.constant(1), beyond), beyond)


def polynomial(f: Function, x: str, factors: Sequence[float]) -> str:
    """factors[0] + factors[1] * x + ..."""
    *rest, last = factors
    found = f.constant(last)
    for factor in reversed(rest):
        found = f.fma(found, x, f.constant(factor))
    return found


def _parts(f: Function, x: str) -> tuple[str, str]:
    """x = whole * log 2 + r: the whole number, as integers, and e^r - 1."""
    format = _FORMATS[f.dtype]
    rounder = f.constant(format.rounder)
    rounded = f.fma(x, f.constant(1 / sum(format.log2)), rounder)
    whole = _int(f, "sub", _as_ints(f, rounded), _as_ints(f, rounder))
    steps = f.fsub(rounded, rounder)
    high, low = (f.constant(-part) for part in format.log2)
    r = f.fma(steps, low, f.fma(steps, high, x))
    bent = polynomial(f, r, (0.5, *format.exp))
    return whole, f.fma(f.fmul(r, r), bent, r)


def _mantissa(f: Function, x: str) -> tuple[str, str]:
    """x = 2^exponent * m with m from sqrt(1/2) to sqrt(2); both as numbers."""
    format = _FORMATS[f.dtype]
    one, start = _pattern(f, 1.0), _pattern(f, sqrt(0.5))
    moved = _int(f, "add", _as_ints(f, x), _ints(f, one - start))
    shifted = _int(f, "ashr", moved, _ints(f, format.mantissa))
    exponent = _int(f, "sub", shifted, _ints(f, format.bias))
    kept = _int(f, "and", moved, _ints(f, (1 << format.mantissa) - 1))
    m = _as_numbers(f, _int(f, "add", kept, _ints(f, start)))
    # Few processors turn integers of 64 bits into numbers: they are put into the last bits of one.
    put = _int(f, "add", exponent, _ints(f, _pattern(f, format.rounder)))
    return f.fsub(_as_numbers(f, put), f.constant(format.rounder)), m


def _with_edges(f: Function, x: str, found: str) -> str:
    """The logarithms of infinity, 0, and what has none."""
    above = f.compare("ogt", x, f.constant(0))
    below = f.select(f.compare("oeq", x, f.constant(0)), f.constant(-inf), f.constant(nan))
    finite = f.select(f.compare("oeq", x, f.constant(inf)), x, found)
    return f.select(above, finite, below)


def _between(f: Function, low: float, x: str, high: float) -> str:
    """x, not below `low` and not above `high`; what is no number stays so."""
    return f.fmin(f.constant(high), f.fmax(f.constant(low), x))


def _power(f: Function, exponent: str) -> str:
    """2^exponent."""
    format = _FORMATS[f.dtype]
    stored = _int(f, "add", exponent, _ints(f, format.bias))
    return _as_numbers(f, _int(f, "shl", stored, _ints(f, format.mantissa)))


def _int_type(f: Function) -> str:
    return f"<{f.lanes} x i{_FORMATS[f.dtype].bits}>"


def _ints(f: Function, number: int) -> str:
    one = f"i{_FORMATS[f.dtype].bits} {number}"
    return f"<{', '.join([one] * f.lanes)}>"


def _int(f: Function, operation: str, a: str, b: str) -> str:
    return f.op(f"{operation} {_int_type(f)} {a}, {b}")


def _as_ints(f: Function, x: str) -> str:
    """The bits of numbers."""
    return f.op(f"bitcast {f.vector} {x} to {_int_type(f)}")


def _as_numbers(f: Function, x: str) -> str:
    return f.op(f"bitcast {_int_type(f)} {x} to {f.vector}")


def _pattern(f: Function, number: float) -> int:
    """The bits of a number, as an integer."""
    single = f.dtype == "f32"
    packed = struct.pack("<f" if single else "<d", number)
    found: int = struct.unpack("<i" if single else "<q", packed)[0]
    return found
