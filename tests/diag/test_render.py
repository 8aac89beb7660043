"""Diagnostics are drawn as rustc draws them, whatever the source is made of."""

import pytest

from netc.diag import (
    Diagnostic,
    Fix,
    Label,
    Level,
    Source,
    Span,
    printable,
    render,
    render_concise,
    render_json,
)

TEXT = "net a {\n    input x [4]\n    dense(10) -> relu\n\n\n    dens(10)\n}\n"


def label(source: Source, word: str, text: str = "") -> Label:
    """A label on the first occurrence of a word."""
    start = source.text.index(word)
    return Label(Span(source, start, start + len(word)), text)


def drawn(primary: Label, *others: Label) -> list[str]:
    """What stands below the arrow line."""
    return render(Diagnostic("slug", Level.ERROR, "words", primary, others)).split("\n")[2:]


def test_a_label_stands_under_its_word() -> None:
    source = Source("a.net", TEXT)
    d = Diagnostic("bad-thing", Level.ERROR, "it is bad", label(source, "relu", "this"))
    assert render(d).split("\n") == [
        "error[bad-thing]: it is bad",
        " --> a.net:3:18",
        "  |",
        "3 |     dense(10) -> relu",
        "  |                  ^^^^ this",
    ]


def test_notes_and_helps_come_last_and_keep_their_lines() -> None:
    source = Source("a.net", TEXT)
    primary = label(source, "relu")
    d = Diagnostic("s", Level.WARNING, "m", primary, notes=("one\ntwo",), helps=("do it",))
    assert render(d).split("\n")[-4:] == [
        "  |",
        "  = note: one",
        "          two",
        "  = help: do it",
    ]
    assert render(d).startswith("warning[s]: m")


def test_two_labels_on_one_line_hang_below_each_other() -> None:
    source = Source("a.net", "add(first, second)\n")
    assert drawn(label(source, "second", "is [2]"), label(source, "first", "is [1]")) == [
        "  |",
        "1 | add(first, second)",
        "  |     -----  ^^^^^^ is [2]",
        "  |     |",
        "  |     is [1]",
    ]


def test_three_labels_on_one_line() -> None:
    source = Source("a.net", "add(a, b, c)\n")
    labels = label(source, "c", "C"), label(source, "a,", "A"), label(source, "b", "B")
    assert drawn(*labels) == [
        "  |",
        "1 | add(a, b, c)",
        "  |     -- -  ^ C",
        "  |     |  |",
        "  |     |  B",
        "  |     |",
        "  |     A",
    ]


def test_far_lines_are_parted_by_dots_and_near_ones_are_joined() -> None:
    source = Source("a.net", TEXT)
    primary, first = label(source, "dens(", "here"), label(source, "input x [4]", "there")
    assert drawn(label(source, "relu", "here"), first)[1:4] == [
        "2 |     input x [4]",
        "  |     ----------- there",
        "3 |     dense(10) -> relu",
    ]
    assert "..." in drawn(primary, label(source, "net", "far"))


def test_a_tab_is_four_columns_and_marks_stay_below_their_words() -> None:
    source = Source("a.net", "\tconv(8,\tkernel: 3)\n")
    assert drawn(label(source, "kernel", "this")) == [
        "  |",
        "1 |     conv(8,    kernel: 3)",
        "  |                ^^^^^^ this",
    ]


def test_wide_letters_take_two_columns_and_combined_ones_none() -> None:
    assert drawn(label(Source("a", "# 網網 x\n"), "x", "this"))[2] == "  |        ^ this"
    assert drawn(label(Source("a", "# e\u0301 x\n"), "x", "this"))[2] == "  |     ^ this"


@pytest.mark.parametrize("bad", ["\x1b[2J", "\x00", "\x07", "\u202e", "\ud800", "\x9b", "\u2028"])
def test_no_character_of_a_source_steers_the_terminal(bad: str) -> None:
    source = Source(f"a{bad}.net", f"net {bad} x\n")
    d = Diagnostic("s", Level.ERROR, f"m{bad}", label(source, "x", f"l{bad}"), helps=(f"h{bad}",))
    for text in (render(d), render_concise(d)):
        assert bad not in text
        assert "\N{REPLACEMENT CHARACTER}" in text


def test_line_ends_of_windows_are_not_seen() -> None:
    source = Source("a.net", "net a {\r\n    dens\r\n}\r\n")
    assert drawn(label(source, "dens", "this")) == ["  |", "2 |     dens", "  |     ^^^^ this"]


def test_a_label_at_the_end_of_the_text_is_seen() -> None:
    source = Source("a.net", "net a {")
    assert drawn(Label(Span(source, 7, 7), "the end"))[1:] == [
        "1 | net a {",
        "  |        ^ the end",
    ]
    assert drawn(Label(Span(Source("a.net", ""), 0, 0), "nothing"))[2] == "  | ^ nothing"


def test_a_label_over_several_lines_ends_with_its_first() -> None:
    source = Source("a.net", "add(\n    a,\n    b)\n")
    assert drawn(Label(Span(source, 0, 17), "this"))[2] == "  | ^^^^ this"


def test_the_gutter_is_as_wide_as_the_last_line_number() -> None:
    source = Source("a.net", "\n" * 99 + "here\n")
    rows = render(Diagnostic("s", Level.ERROR, "m", label(source, "here"))).split("\n")
    assert rows[1:4] == ["   --> a.net:100:1", "    |", "100 | here"]


def test_other_sources_are_drawn_below_with_their_own_arrow() -> None:
    one, two = Source("one.net", "first\n"), Source("two.net", "second\n")
    text = render(Diagnostic("s", Level.ERROR, "m", label(one, "first"), (label(two, "second"),)))
    assert " --> one.net:1:1" in text
    assert " ::: two.net:1:1" in text


def test_colors_change_nothing_but_colors() -> None:
    source = Source("a.net", TEXT)
    d = Diagnostic("s", Level.ERROR, "m", label(source, "relu", "l"), helps=("h",))
    colored = render(d, color=True)
    assert "\x1b[1;31m" in colored
    for code in ("\x1b[1;31m", "\x1b[1;33m", "\x1b[1;34m", "\x1b[1m", "\x1b[0m"):
        colored = colored.replace(code, "")
    assert colored == render(d)


def test_a_problem_without_a_place_is_its_message() -> None:
    d = Diagnostic("s", Level.ERROR, "m", helps=("h",))
    assert render(d) == "error[s]: m\n = help: h"
    assert render_concise(d) == "error[s]: m"


def test_concise_is_one_line_with_the_place_first() -> None:
    source = Source("a.net", TEXT)
    d = Diagnostic("s", Level.WARNING, "m\nn", label(source, "relu"))
    assert render_concise(d) == "a.net:3:18: warning[s]: m\N{REPLACEMENT CHARACTER}n"


def test_json_counts_from_one_and_holds_everything() -> None:
    source = Source("a.net", TEXT)
    primary, other = label(source, "dens(", "l"), label(source, "x", "o")
    fix = Fix("write `dense`", primary.span, "dense")
    d = Diagnostic("s", Level.ERROR, "m", primary, (other,), ("n",), ("h",), (fix,))
    place = {"file": "a.net", "line": 6, "col": 5, "end_line": 6, "end_col": 10}
    assert render_json([d]) == {
        "version": 1,
        "diagnostics": [
            {
                "code": "s",
                "severity": "error",
                "message": "m",
                "spans": [
                    {**place, "label": "l", "primary": True},
                    {
                        "file": "a.net",
                        "line": 2,
                        "col": 11,
                        "end_line": 2,
                        "end_col": 12,
                        "label": "o",
                        "primary": False,
                    },
                ],
                "notes": ["n"],
                "help": ["h"],
                "fixes": [{"title": "write `dense`", "text": "dense", "safe": True, **place}],
            }
        ],
    }


def test_printable_keeps_line_ends_only_where_asked() -> None:
    assert printable("a\tb\n") == "a    b\N{REPLACEMENT CHARACTER}"
    assert printable("a\nb", keep_lines=True) == "a\nb"


def test_of_a_long_line_the_part_around_the_mark_is_shown() -> None:
    source = Source("a.net", f"first {'x ' * 5000} last {'y ' * 5000}")
    rows = drawn(label(source, "last", "here"), label(source, "first", "there"))
    assert max(map(len, rows)) < 200
    line, marks = rows[1].removeprefix("1 | "), rows[2].removeprefix("  | ")
    assert line.startswith("...")
    assert line.endswith("...")
    assert line[marks.index("^") :].startswith("last ")
    assert marks.startswith("---")
    assert rows[-1].endswith("| there")


def test_a_monstrous_word_is_cut() -> None:
    text = render(Diagnostic("slug", Level.ERROR, f"no `{'a' * 100_000}` here", None))
    assert text.endswith("aaa...` here")
    assert len(text) < 200
