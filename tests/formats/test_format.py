"""The formatter changes how a text looks, and nothing of what it says."""

import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netc.diag import Source
from netc.formats import tidy
from netc.formats.net import parse
from netc.formats.net.tokens import tokens_of
from netc.formats.same import is_same
from netc.spec import Library
from tests.formats.whole import TEXTS, WHOLE

ROOT = Path(__file__).parents[2]


def formatted(text: str) -> str:
    after = tidy(Source("a.net", text))
    assert isinstance(after, str), after
    return after


def parsed(text: str) -> Library:
    found = parse(Source("a.net", text))
    assert isinstance(found, Library), found
    return found


def says_the_same(before: str, after: str) -> None:
    one, other = parsed(before), parsed(after)
    assert is_same(one, other)
    words = [[re.sub(r"^# ?", "", c.text.strip()) for c in tree.comments] for tree in (one, other)]
    assert words[0] == words[1]


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_in_form_stays_as_it_is(text: str) -> None:
    assert formatted(text) == text


BODIES = {
    "blanks stand where they belong": (
        "a=conv( 8,kernel :[ 3,5 ] , pad:same )->relu ( )",
        "a = conv(8, kernel: [3, 5], pad: same) -> relu()",
    ),
    "operators stand apart, signs and ranges do not": (
        "for i in 0 .. -n*2**- 3-1 {conv(- 1+(-2)//x [ - 1 ], a: -b, c: 1 - -1)}",
        "for i in 0..-n * 2 ** -3 - 1 { conv(-1 + (-2) // x[-1], a: -b, c: 1 - -1) }",
    ),
    "words of the language stand apart from brackets": (
        "assert(a)and not(b)or(c)in[1]\nloss(a,b)->add\nif(a)==(if b then{1:2}[1]else(3)){}",
        "assert (a) and not (b) or (c) in [1]\n"
        "loss (a, b) -> add\n"
        "if (a) == (if b then {1: 2}[1] else (3)) {}",
    ),
    "attributes and dotted names are tight": (
        "a . b = conv( in . channels // 2, x . width )",
        "a.b = conv(in.channels // 2, x.width)",
    ),
    "tables are tight and bodies are not": (
        "let a={ 18:[ 2 ],34 : { 1 :2 } } [ n ]\nrepeat{1:2}[1]{relu}",
        "let a = {18: [2], 34: {1: 2}}[n]\nrepeat {1: 2}[1] { relu }",
    ),
    "semicolons that part nothing go": (
        ";relu;;tanh ; ;\nadd{;relu;;tanh;}; # x\n;;elu;\n;-> relu;",
        "relu ; tanh\nadd { relu ; tanh }  # x\nelu\n    -> relu",
    ),
    "a body on several lines has its brackets on lines of their own": (
        "add { relu\ntanh } -> relu\nadd { # why\nrelu }\nif a { relu }\nelse { tanh\n}",
        "add {\n    relu\n    tanh\n} -> relu\nadd {  # why\n    relu\n}\n"
        "if a { relu } else {\n    tanh\n}",
    ),
    "else stands behind its bracket": (
        "if a {\nrelu\n}\n\n\nelse\tif b {\n}\n else {\n\n}",
        "if a {\n    relu\n} else if b {\n} else {\n}",
    ),
    "remarks before else keep their place": (
        "if a {\nrelu\n} # one\nelse {\ntanh\n}\nif a { relu }\n# two\n\nelse { tanh }",
        "if a {\n    relu\n}  # one\nelse {\n    tanh\n}\nif a { relu }\n# two\nelse { tanh }",
    ),
    "a line that goes on stands one level further in": (
        "a = relu\n\n-> tanh -> add {\nelu\n}\n\n# remark\n-> elu\nloss f(\na\n-> g,\nb)",
        "a = relu\n    -> tanh -> add {\n        elu\n    }\n\n    # remark\n    -> elu\n"
        "loss f(\n    a\n        -> g,\n    b)",
    ),
    "brackets that open together indent once": (
        "f(g(\n8,\n[\n1\n]\n))\nf(g(\n8\n),\n9)",
        "f(g(\n    8,\n    [\n        1\n    ]\n))\nf(g(\n    8\n),\n    9)",
    ),
    "blank lines do not pile up": (
        "\n\n\nrelu\n\n\n\n# a\n\n\n# b\ntanh\n\n\n",
        "relu\n\n# a\n\n# b\ntanh",
    ),
    "roles line up while they are neighbours": (
        "loss f(a)\n# between\nmetric   g(\na\n)\noutput h\n\nloss f\nrelu\noutput h",
        "loss   f(a)\n# between\nmetric g(\n    a\n)\noutput h\n\nloss f\nrelu\noutput h",
    ),
    "constants line up": (
        "let a = 1\nlet long = 2\n\nlet b = 3",
        "let a    = 1\nlet long = 2\n\nlet b = 3",
    ),
    "remarks behind neighbouring lines line up": (
        "relu #a\nlonger -> relu    ##b\n\nrelu # c   \nrelu\nrelu\t\t#!d",
        "relu            # a\nlonger -> relu  ##b\n\nrelu  # c\nrelu\nrelu  #!d",
    ),
    "line ends of other systems are changed": ("relu\r\n\r\n# a\r\n\ttanh", "relu\n\n# a\ntanh"),
}


@pytest.mark.parametrize("name", BODIES)
def test_in_a_body(name: str) -> None:
    before, after = BODIES[name]
    inside = "".join(f"    {line}".rstrip() + "\n" for line in after.split("\n"))
    assert formatted(f"net a{{\n{before}\n}}") == f"net a {{\n{inside}}}\n"


def test_settings_line_up_up_to_a_blank_line() -> None:
    before = "train{\nbatch   3\ndata(1)\nseed -1\n\n\noptimizer [ 1 ]\nrate{1:2}[1]\n}"
    first = "    batch 3\n    data  (1)\n    seed  -1\n"
    after = f"train {{\n{first}\n    optimizer [1]\n    rate      {{1: 2}}[1]\n}}\n"
    assert formatted(before) == after
    assert formatted("train{data f(1);batch 3}") == "train { data f(1) ; batch 3 }\n"


def test_a_file_of_nothing_stays_one() -> None:
    assert formatted("") == ""
    assert formatted("\n \r\n\t;\n") == ""
    assert formatted("\n\n#a") == "# a\n"


def test_a_text_with_syntax_errors_gives_its_problems() -> None:
    found = tidy(Source("a.net", "net a {\n    conv(8 kernel: 3)\n    dense 10\n}\n"))
    assert isinstance(found, list)
    assert [str(problem.span) for problem in found] == ["a.net:2:12", "a.net:3:11"]


def shuffled(text: str, rng: random.Random) -> str:
    """The same words with other blanks, and other ends of lines and statements."""
    parts: list[str] = []
    brackets = ["{"]
    comment = False
    for token in tokens_of(text):
        blank = rng.choice((" ", "  ", "\t", " \f "))
        if comment:
            parts.append(rng.choice(("\n", "\r\n", "  \n\n\n")))
        elif token.kind == "end":
            parts.append(rng.choice(("\n", ";", "; ;", "\n\n \n\n", "\r\n", " ;\n")))
        elif brackets[-1] != "{":
            parts.append(rng.choice((blank, blank, "\n", "\n\n")))
        comment = token.kind == "comment"
        if token.text in "([{":
            brackets.append(token.text)
        elif token.text in ")]}":
            brackets.pop()
        parts += () if token.kind == "end" else (blank, token.text)
    return "".join(parts)


@settings(max_examples=60)
@given(st.sampled_from(TEXTS), st.randoms(use_true_random=False))
def test_any_blanks_come_into_form(text: str, rng: random.Random) -> None:
    before = shuffled(text, rng)
    after = formatted(before)
    says_the_same(before, after)
    says_the_same(text, after)
    assert formatted(after) == after
    assert "\t" not in after
    assert all(line == line.rstrip() for line in after.split("\n"))
    assert "\n\n\n" not in after


@settings(max_examples=200)
@given(st.sampled_from(TEXTS), st.randoms(use_true_random=False), st.integers(1, 4))
def test_any_damaged_text_comes_into_form_or_is_told_of(
    text: str, rng: random.Random, damages: int
) -> None:
    tokens = re.findall(r"\s+|#[^\n]*|\"[^\"\n]*\"|->|\w+|.", text)
    for _ in range(damages):
        at, other = rng.randrange(len(tokens)), rng.randrange(len(tokens))
        tokens[at : at + rng.randrange(2)] = [tokens[other]] if rng.random() < 0.6 else []
    before = "".join(tokens)
    after = tidy(Source("a.net", before))
    if isinstance(after, str):
        says_the_same(before, after)
        assert formatted(after) == after


def test_the_whole_language_is_in_the_sample() -> None:
    reserved = set(
        re.findall(
            r"[a-z]+",
            (ROOT / "grammar" / "net.lark").read_text().split("NAME: /(?!(?:")[1].split(")")[0],
        )
    )
    assert reserved <= {token.text for token in tokens_of(WHOLE)}
