"""Phrases that messages of all packages share, so that the same thing is said in the same words."""

from collections.abc import Iterable


def did_you_mean(near: str | None) -> str:
    """The usual help about a misspelt word; empty when nothing is near."""
    return f"did you mean `{near}`?" if near else ""


def listed(words: Iterable[str], last: str) -> str:
    """Words in a row, the word `last` before the last of them: `a, b or c`."""
    *most, end = words
    return f"{', '.join(most)} {last} {end}" if most else end


def quoted(names: Iterable[str]) -> str:
    """Names in a row, each in backticks."""
    return ", ".join(f"`{name}`" for name in names)


def refusal(error: OSError) -> str:
    """What the system says against opening or writing a file, in netc's voice."""
    return (error.strerror or str(error)).lower()


def amount(number: float) -> str:
    """A large number in short: `820`, `61.7 k`, `11.7 M`, `3.86 G`."""
    return _scaled(number, ("", " k", " M", " G", " T"))


def bytes_text(number: float) -> str:
    """Bytes in short, in powers of 1000: `512 B`, `4.6 kB`, `1.2 GB`."""
    return _scaled(number, (" B", " kB", " MB", " GB", " TB"))


def _scaled(number: float, units: tuple[str, ...]) -> str:
    for unit in units[:-1]:
        if number < 999.5:
            return _three(number) + unit
        number /= 1000
    return _three(number) + units[-1]


def _three(number: float) -> str:
    """Three digits, or all of a whole number below 1000."""
    return f"{number:.0f}" if number == int(number) or number >= 99.95 else f"{number:.3g}"
