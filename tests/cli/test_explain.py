"""Every name has a page, and what the pages show is true."""

import re
from pathlib import Path

import click
import pytest

from netc.cli.checked import check
from netc.cli.example import example_of
from netc.cli.shelves import Shelf, shelves
from netc.diag import render
from netc.formats import WORDS, convnetjs
from netc.formats.net.grammar import parser
from netc.ir.attributes import ATTRIBUTES
from netc.ir.functions import FUNCTIONS
from netc.layers import REGISTRY
from netc.options import manual, options_of
from tests.cli.conftest import Run

PAGES = [(shelf, name) for shelf in shelves() for name in shelf.kinds]

RESIDUAL = """block residual(width) {
    add {
        conv(width, kernel: 3, pad: 1) -> relu
        identity
    }
}
"""

FOUND_LATER = {"no-output", "nothing-learns"}
"""Problems of whole files that `check` alone does not find."""


@pytest.mark.parametrize(("shelf", "name"), PAGES, ids=lambda v: v if isinstance(v, str) else "")
def test_every_page_can_be_printed_and_read(run: Run, shelf: Shelf, name: str) -> None:
    page = run("explain", name).stdout
    assert name in page.splitlines()[0]
    assert shelf.noun in page
    for option in options_of(shelf.kinds[name]) if shelf.noun != "problem" else ():
        assert re.search(rf"^  {option}\b", page, re.MULTILINE), option
    prose = re.split(r"\n(?:For example|Example)\n", page)[0]
    assert all(len(line) <= 104 for line in prose.splitlines())


@pytest.mark.parametrize("name", REGISTRY)
def test_the_example_of_a_layer_is_a_net_that_gives_what_is_promised(name: str) -> None:
    example = example_of(REGISTRY[name])
    node = example.graph.nodes[-1]
    assert type(node.layer).name == name
    assert str(example.graph.types[node.value]) == example.promised


@pytest.mark.parametrize("name", [n for s, n in PAGES if s.noun == "problem"])
def test_the_example_of_a_problem_shows_it(run: Run, name: str) -> None:
    page = run("explain", name).stdout
    is_whole_file = "For example\n\n    net " in page or "For example\n\n    train " in page
    if is_whole_file and name not in FOUND_LATER:
        assert f"\ngives\n\n    error[{name}]" in page or f"\n    warning[{name}]" in page


def test_the_list_has_every_name(run: Run) -> None:
    lines = run("explain", "--list").stdout.splitlines()
    named = {line.split()[0] for line in lines if line.startswith("  ") and line[2] != " "}
    assert {name for _, name in PAGES} <= named


def test_a_page_of_conv_has_its_options_and_what_it_learns(run: Run) -> None:
    page = run("explain", "conv").stdout
    assert re.search(r"filters +a whole number, at least 1 +needed", page)
    assert "    input x [3, 6, 5]\n        conv(4, kernel: 3, pad: 1)\n" in page
    assert "It learns `weight` [4, 3, 3, 3], `bias` [4]" in page
    assert "`weight` starts by `xavier`. `bias` starts at 0." in " ".join(page.split())


def test_a_misspelt_name_is_answered_with_the_nearest(run: Run) -> None:
    assert "did you mean `adam`?" in run("explain", "adma", code=2).stderr
    assert "--list" in run("explain", "qqqq", code=2).stderr
    assert "--list" in run("explain", code=2).stderr


def test_underscores_and_hyphens_are_one(run: Run) -> None:
    assert "bad-shape" in run("explain", "bad_shape").stdout


@pytest.mark.parametrize("name", ["conv", "sgd", "unknown-option"])
def test_an_example_has_colours_where_they_are_wanted_and_the_same_words(
    run: Run, name: str
) -> None:
    colored = run("explain", name, "--color", "always").stdout
    example = re.split(r"(?:For example|Example)\x1b\[0m\n", colored)[1]
    assert "\x1b[32m" in example
    assert click.unstyle(colored) == run("explain", name).stdout


@pytest.mark.parametrize("name", WORDS)
def test_the_example_of_a_word_is_a_file_without_a_mistake(name: str, tmp_path: Path) -> None:
    text = manual(WORDS[name])[1]
    for used in re.findall(r'^use "(.*)"', text, re.MULTILINE):
        (tmp_path / used).parent.mkdir(exist_ok=True)
        (tmp_path / used).write_text(RESIDUAL, encoding="utf-8")
    path = tmp_path / "example.net"
    path.write_text(text, encoding="utf-8")
    said = [render(problem.diagnostic()) for problem in check(str(path)).problems]
    assert not said, "\n\n".join(said)


def test_words_that_go_with_another_are_on_its_page(run: Run) -> None:
    assert "word of the language" in run("explain", "else").stdout.splitlines()[0]
    assert "if   " in run("explain", "else").stdout.splitlines()[0]


def test_every_word_of_the_grammar_has_a_page() -> None:
    terminals = parser().terminals
    written = {str(t.pattern.value) for t in terminals if t.pattern.type == "str"}
    words = {word for word in written if word.isalpha()} | {"output", "loss", "metric", "true"}
    for word in words - {"train"}:
        assert any(word == name or word in page.also for name, page in WORDS.items()), word


def test_the_page_of_expressions_has_every_function_and_operator(run: Run) -> None:
    page = run("explain", "expressions").stdout
    for name in FUNCTIONS:
        assert re.search(rf"\b{name}\b", page), name
    for name in ATTRIBUTES:
        assert re.search(rf"\b{name}\b", run("explain", "in").stdout), name


def test_an_option_is_explained_with_those_that_have_it(run: Run) -> None:
    text = run("explain", "decay").stdout
    assert text.startswith(
        "decay   option\n\nof every layer with weights\n    Factor on the weight"
    )
    assert "of sgd, adagrad, rmsprop, adadelta, adam\n    L2 weight decay" in text
    assert "of softmax_loss\n" in run("explain", "smoothing").stdout
    assert "nothing is called" in run("explain", "nosuchoption", code=2).stderr


@pytest.mark.parametrize(
    "word",
    [
        *(name for options in convnetjs.TYPES.values() for name in options),
        *(name for options in convnetjs.METHODS.values() for name in options),
        *convnetjs.TYPES,
        *convnetjs.METHODS,
        *convnetjs.TRAINING,
        *convnetjs.SUGAR,
        *convnetjs.ALSO,
        "depth",
    ],
)
def test_every_word_of_convnetjs_has_a_page(run: Run, word: str) -> None:
    assert run("explain", word).stdout.strip()


def test_a_word_of_convnetjs_is_told_with_what_it_is_in_netc(run: Run) -> None:
    assert re.search(r"^num_neurons .* needed .* `units`$", run("explain", "fc").stdout, re.M)
    page = run("explain", "drop_prob").stdout
    assert page.startswith("drop_prob   option of ConvNetJS\n")
    assert re.search(r"^dropout .* 0\.5 .* `rate`$", page, re.M)
    assert "`rmsprop(epsilon_in_root: true)`" in run("explain", "windowgrad").stdout


def test_the_page_of_convnetjs_has_all_its_words_and_a_net_without_a_mistake(
    run: Run, tmp_path: Path
) -> None:
    page = run("explain", "convnetjs").stdout
    for name in (*convnetjs.TYPES, *convnetjs.METHODS, *convnetjs.TRAINING, *convnetjs.SUGAR):
        assert re.search(rf"^  {name}\b", page, re.MULTILINE), name
    path = tmp_path / "example.js"
    path.write_text(manual(convnetjs.Manual)[1], encoding="utf-8")
    assert not check(str(path)).problems
