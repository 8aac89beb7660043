"""Counts and durations as people read them."""


def count(number: int, noun: str) -> str:
    """A number with its noun: `1 error`, `1,200 errors`, `2 losses`."""
    plural = f"{noun}es" if noun.endswith("s") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def speed_text(rate: float) -> str:
    """Examples in a second: `12,345/s`, `3/s`, `0.41/s`."""
    return f"{rate:,.0f}/s" if rate >= 2 else f"{rate:.2g}/s"


def time_text(seconds: float) -> str:
    """A duration: `0 s`, `0.03 s`, `3.2 s`, `48 s`, `2:05`, `1:02:05`."""
    if seconds < 0.005:
        return "0 s"
    if seconds < 0.095:
        return f"{seconds:.2f} s"
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 100:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
