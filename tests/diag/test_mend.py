"""Fixes are made from the end to the start, and no two in one place."""

from netc.diag import Fix, Source, Span, mend

SOURCE = Source("a.net", "one two three")


def fix(start: int, end: int, text: str) -> Fix:
    return Fix("", Span(SOURCE, start, end), text)


def test_all_fixes_of_a_text_are_made() -> None:
    fixes = [fix(8, 13, "3"), fix(0, 3, "1"), fix(4, 4, "and ")]
    assert mend(SOURCE.text, fixes) == ("1 and two 3", 3)


def test_of_fixes_in_one_place_the_first_is_made() -> None:
    fixes = [fix(0, 3, "1"), fix(0, 3, "1"), fix(2, 5, "x"), fix(4, 7, "2")]
    assert mend(SOURCE.text, fixes) == ("1 2 three", 2)


def test_a_fix_that_changes_nothing_is_none() -> None:
    assert mend(SOURCE.text, [fix(0, 3, "one")]) == (SOURCE.text, 0)
