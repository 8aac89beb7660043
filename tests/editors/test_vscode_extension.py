"""The folder for Visual Studio Code is whole: its files are there, well-formed, and agree."""

import json
import re
from pathlib import Path

import pytest

from netc import __version__
from netc.cli.checked import check_text

FOLDER = Path(__file__).parents[2] / "editors/vscode"
PACKAGE = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))
SNIPPETS = json.loads((FOLDER / "snippets/net.json").read_text(encoding="utf-8"))


def typed(body: list[str]) -> str:
    """A snippet as it stands when its placeholders are left as they are."""
    text = re.sub(r"\$\{(\d)\|((?:\\.|[^,|\\])*)[^}]*\}", r"${\1:\2}", "\n".join(body))
    defaults = dict(re.findall(r"\$\{(\d):([^}]*)\}", text))
    text = re.sub(r"\$\{(\d):([^}]*)\}", r"\2", text)
    return re.sub(r"\$(\d)", lambda found: defaults[found[1]], text).replace("\\", "")


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.json")), ids=lambda path: path.name)
def test_a_file_is_well_formed(path: Path) -> None:
    assert json.loads(path.read_text(encoding="utf-8"))


def test_every_file_that_the_extension_names_is_there() -> None:
    contributes = PACKAGE["contributes"]
    named = [entry["path"] for entry in contributes["grammars"] + contributes["snippets"]]
    named += [entry["configuration"] for entry in contributes["languages"]]
    assert all((FOLDER / path).is_file() for path in named)


def test_the_grammars_have_the_scopes_that_the_extension_says() -> None:
    for entry in PACKAGE["contributes"]["grammars"]:
        grammar = json.loads((FOLDER / entry["path"]).read_text(encoding="utf-8"))
        assert grammar["scopeName"] == entry["scopeName"]


@pytest.mark.parametrize(
    ("before", "deeper"),
    [
        ("net a {", True),
        ("    for i in 0..4 {  # four times", True),
        ("    conv(8,", True),
        ("    let table = [", True),
        ("    } else {", True),
        ("    concat { relu ; tanh }", False),
        ("    conv(8, kernel: [1, 7])", False),
        ("    # a remark (", False),
        ('    let open = "{"', False),
        ("}", False),
    ],
)
def test_a_line_that_opens_something_indents_the_next(before: str, deeper: bool) -> None:
    rules = json.loads((FOLDER / "language-configuration.json").read_text(encoding="utf-8"))
    assert bool(re.search(rules["indentationRules"]["increaseIndentPattern"], before)) is deeper


@pytest.mark.parametrize("name", SNIPPETS)
def test_a_snippet_that_is_left_as_it_is_has_no_mistakes(name: str) -> None:
    text = typed(SNIPPETS[name]["body"])
    block = re.match(r"block (\w+)", text)
    first = f"{block[1]}(1)" if block else "relu"
    if not text.startswith("net "):
        text += f"\nnet tiny {{ input image [1, 8, 8]; input label class(10); {first}\n"
        text += "scores = dense(10); loss softmax_loss(scores, label); output scores }\n"
    assert not check_text(text).problems


def test_the_version_is_that_of_netc() -> None:
    assert PACKAGE["version"] == __version__
