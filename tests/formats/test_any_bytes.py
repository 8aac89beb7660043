"""Whatever a file holds, netc reads it or says what is wrong with it: it never breaks."""

import random
import re
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from netc.cli.checked import Checked, check, check_text
from netc.diag import render, render_concise, render_json
from tests.formats.damage import damaged
from tests.formats.whole import WHOLE

SPECS = [
    WHOLE,
    *(
        path.read_text(encoding="utf-8")
        for path in sorted((Path(__file__).parents[2] / "specs").glob("*.net"))
    ),
]
TOKENS = re.compile(r'\s+|#[^\n]*|"[^"\n]*"|->|[A-Za-z_]\w*|-?\d[\d_.e-]*|.', re.S)
WORDS = [
    *"()[]{},:;=#\"'\n-+*/%.",
    "->",
    "..",
    "**",
    "==",
    "use",
    "net",
    "block",
    "train",
    "let",
    "layer",
    "for",
    "in",
    "repeat",
    "if",
    "then",
    "else",
    "when",
    "assert",
    "not",
    "or",
    "input",
    "output",
    "loss",
    "metric",
    "true",
    "class",
    "conv",
    "dense",
    "relu",
    "softmax_loss",
    "data",
    "sgd",
    "0",
    "-1",
    "1e99",
    "x",
]


def is_told(checked: Checked) -> None:
    """A file is right, or every problem of it can be shown in every form."""
    assert checked.graph is not None or checked.errors > 0
    for problem in checked.problems:
        d = problem.diagnostic()
        assert d.message
        assert "\n" not in render_concise(d)
        assert "\x1b" not in render(d)
        render_json([d])
        if d.primary is not None:
            length = len(d.primary.span.source.text)
            assert 0 <= d.primary.span.start <= d.primary.span.end <= length


@settings(max_examples=150)
@given(st.binary(max_size=300))
@example(b"")
@example(b"\xef\xbb\xbf")
@example(b"net a {" + b"(" * 40)
@example(b"\r\r\n\x00")
def test_any_bytes(tmp_path_factory, data: bytes) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path_factory.mktemp("bytes", numbered=True) / "a.net"
    path.write_bytes(data)
    is_told(check(str(path)))


@settings(max_examples=200)
@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    is_told(check_text(text))
    is_told(check_text(f"net a {{\n{text}\n}}\n"))


@settings(max_examples=300)
@given(st.lists(st.sampled_from(WORDS), max_size=40), st.booleans())
def test_any_words_of_the_language(words: list[str], is_inside: bool) -> None:
    text = " ".join(words)
    is_told(check_text(f"net a {{\ninput x [4]\n{text}\n}}\n" if is_inside else text))


@settings(max_examples=250)
@given(st.sampled_from(SPECS), st.integers(0, 2**32), st.integers(1, 4))
def test_any_damage_to_a_spec(text: str, seed: int, damages: int) -> None:
    is_told(check_text(damaged(TOKENS.findall(text), WORDS, seed, damages)))


@settings(max_examples=250)
@given(st.sampled_from(SPECS), st.integers(0, 2**32), st.integers(1, 6))
def test_any_slip_of_the_fingers(text: str, seed: int, slips: int) -> None:
    rng = random.Random(seed)
    for _ in range(slips):
        at, other = rng.randrange(len(text)), rng.randrange(len(text))
        put = ("", text[at] * 2, text[other], text[other] + text[at])[rng.randrange(4)]
        text = text[:at] + put + text[at + 1 :]
    is_told(check_text(text))


@settings(max_examples=100)
@given(st.sampled_from(SPECS), st.integers(0, 10_000))
def test_a_spec_cut_off_anywhere(text: str, at: int) -> None:
    is_told(check_text(text[: at % (len(text) + 1)]))


def test_a_very_long_line_and_a_very_long_file() -> None:
    is_told(check_text("net a { input x [1]\n" + "relu -> " * 3000 + "relu }"))
    is_told(check_text("net a { input x [1]\n" + "relu\n" * 3000 + "}"))
    is_told(check_text("net a { input x [1]\n" + "relu +\n" * 3000 + "}"))
