"""The numbers that divide another, for the help of layers that cut channels or sides evenly."""

_LARGEST = 4096
"""Greater divisors are not looked for: nobody cuts so finely, and numbers may be huge."""


def divisors(number: int) -> list[int]:
    """The numbers up to 4096 that divide a number, 1 and the number with them."""
    return [d for d in range(1, min(number, _LARGEST) + 1) if number % d == 0]


def shown_divisors(number: int) -> str:
    """The first of them: `1, 2, 4`."""
    found = divisors(number)
    return ", ".join(map(str, found[:8])) + (", ..." if len(found) > 8 else "")
