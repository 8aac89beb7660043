"""docs/commands.md shows what the commands print, and how each of them ends."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from netc.cli import ends
from netc.cli.main import COMMANDS, netc

TEXT = (Path(__file__).parents[1] / "docs" / "commands.md").read_text(encoding="utf-8")
FILE = re.search(r"^```net\n(.*?)^```$", TEXT, re.M | re.S)
SESSIONS = re.findall(r"^```console\n(.*?)^```$", TEXT, re.M | re.S)


@pytest.mark.parametrize("session", SESSIONS, ids=lambda s: s.splitlines()[0][7:])
def test_a_command_prints_what_the_page_says(
    session: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert FILE is not None
    monkeypatch.chdir(tmp_path)
    Path("tiny.net").write_text(FILE[1], encoding="utf-8")
    code = 0
    for part in re.split(r"^\$ ", session, flags=re.M)[1:]:
        command, _, shown = part.partition("\n")
        if command == "echo $?":
            assert shown == f"{code}\n"
            continue
        result = CliRunner().invoke(netc, command.split()[1:])
        code = result.exit_code
        parts = [re.escape(text) for text in re.split(r"^\.\.\.\n", shown, flags=re.M)]
        assert re.fullmatch("(?:.*\n)*?".join(parts), result.output), result.output


def test_every_command_and_every_code_is_on_the_page() -> None:
    for command in COMMANDS:
        assert f"| `netc {command}" in TEXT, command
    codes = {value for name, value in vars(ends).items() if name.isupper()}
    for code in codes:
        assert re.search(rf"\b{code}\b", TEXT), code


def test_the_recipes_use_options_that_there_are(tmp_path: Path) -> None:
    path = tmp_path / "a.net"
    path.write_text("net a {\n    input x [4]\n    output dense(3)\n}\n", encoding="utf-8")
    recipes = re.findall(r"- run: netc (.*)$", TEXT, re.M)
    assert recipes
    for recipe in recipes:
        words = (
            recipe.split(" > ")[0].replace("specs/*.net", str(path)).replace("specs/", str(path))
        )
        result = CliRunner().invoke(netc, words.split())
        assert result.exit_code == 0, result.output
