"""What is rewritten where a text cannot go on is what was meant, and the rest is left alone."""

import pytest

from netc.diag import Source
from netc.formats import read_source

NET = "net a {{\n    input x [1, 8, 8]\n    {}\n}}\n"
TRAIN = "net a {{\n    input x [4]\n}}\ntrain {{\n    {}\n}}\n"


def rewritten(frame: str, line: str) -> str | None:
    """The line after its first fix; None where it has none."""
    text = frame.format(line)
    problems = read_source(Source("a.net", text))
    assert isinstance(problems, list)
    fixes = problems[0].fixes()
    if not fixes:
        return None
    (fix,) = fixes
    assert fix.is_safe
    mended = text[: fix.span.start] + fix.text + text[fix.span.end :]
    before, after = frame.format("\0").split("\0")
    assert mended.startswith(before)
    return mended.removeprefix(before).removesuffix(after)


@pytest.mark.parametrize(
    ("frame", "line", "mended"),
    [
        (NET, "// two layers", "# two layers"),
        (NET, "conv(8, kernel=3)", "conv(8, kernel: 3)"),
        (NET, "conv(8, kernel = [3, 3])", "conv(8, kernel: [3, 3])"),
        (NET, "conv(8, kernel: 3, pad: 'same')", 'conv(8, kernel: 3, pad: "same")'),
        (NET, "relu => dense(3)", "relu -> dense(3)"),
        (NET, "relu → dense(3)", "relu -> dense(3)"),
        (NET, "relu\u200b", "relu"),
        (NET, "h: dense(3)", "h = dense(3)"),
        (NET, "output = softmax", "output softmax"),
        (NET, "repeat = 3 { relu }", "repeat 3 { relu }"),
        (NET, "}\nblock b(width: 3) {\n    relu", "}\nblock b(width = 3) {\n    relu"),
        (TRAIN, "batch = 64", "batch 64"),
        (TRAIN, "batch: 64", "batch 64"),
        (TRAIN, "data 'digits'", 'data "digits"'),
    ],
)
def test_a_habit_is_rewritten(frame: str, line: str, mended: str) -> None:
    assert rewritten(frame, line) == mended


@pytest.mark.parametrize(
    ("frame", "line"),
    [
        (NET, "conv(8) // 6x6"),  # a division, perhaps
        (NET, "dense: 10"),
        (NET, "dense(a b)"),
        (NET, "conv(8 kernel: 3)"),
        (NET, "if 3 => 2 { relu }"),
        (NET, "relu | dense(3)"),
        (NET, "'conv'(8)"),
        (NET, "größe = dense(3)"),
        (TRAIN, "batch 64 32"),
    ],
)
def test_what_may_be_meant_otherwise_is_left_alone(frame: str, line: str) -> None:
    assert rewritten(frame, line) is None
