"""Commands that end in a problem, beside what they print: `commands/<slug>/NAME.net`, `NAME.err`.

The first line of each file, which may be one of JavaScript, is the command, behind `# $ netc`. It
runs in a copy of the folder.
"""

import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from netc.cli.main import netc
from tests.conftest import Golden

FOLDER = Path(__file__).parent / "commands"
CASES = sorted([*FOLDER.glob("*/*.net"), *FOLDER.glob("*/*.js")])


@pytest.mark.parametrize("path", CASES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_a_command_ends_with_a_problem(
    path: Path, golden: Golden, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "here"
    shutil.copytree(path.parent, folder)
    monkeypatch.chdir(folder)
    monkeypatch.delenv("NETC_DATA", raising=False)
    first = path.read_text(encoding="utf-8").splitlines()[0]
    words = shlex.split(first.split("$ netc ")[1])
    result = CliRunner().invoke(netc, words)
    assert result.exit_code in (1, 2, 3), result.output
    assert f"[{path.parent.name}]" in result.stderr, result.output
    said = result.stderr.replace(str(folder), "HERE").rstrip()
    golden(path.with_suffix(".err"), f"{said}\n\nexit code {result.exit_code}")
