"""Numbers as people read them."""


def count(number: int, noun: str) -> str:
    """A number with its noun: `1 error`, `1,200 errors`, `2 losses`."""
    plural = f"{noun}es" if noun.endswith("s") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def amount(number: float) -> str:
    """A large number in short: `820`, `61.7 k`, `11.7 M`, `3.86 G`."""
    return _scaled(number, ("", " k", " M", " G", " T"))


def bytes_text(number: float) -> str:
    """Bytes in short, in powers of 1000: `512 B`, `4.6 kB`, `1.2 GB`."""
    return _scaled(number, (" B", " kB", " MB", " GB", " TB"))


def time_text(seconds: float) -> str:
    """A duration: `3.2 s`, `48 s`, `2:05`, `1:02:05`."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 100:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _scaled(number: float, units: tuple[str, ...]) -> str:
    for unit in units[:-1]:
        if number < 999.5:
            return _three(number) + unit
        number /= 1000
    return _three(number) + units[-1]


def _three(number: float) -> str:
    """Three digits, or all of a whole number below 1000."""
    return f"{number:.0f}" if number == int(number) or number >= 99.95 else f"{number:.3g}"
