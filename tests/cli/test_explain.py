"""Every name has a page, and what the pages show is true."""

import re

import click
import pytest

from netc.cli.example import example_of
from netc.cli.shelves import Shelf, shelves
from netc.layers import REGISTRY
from netc.options import options_of
from tests.cli.conftest import Run

PAGES = [(shelf, name) for shelf in shelves() for name in shelf.kinds]

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
