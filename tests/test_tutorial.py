"""The tutorial can be followed: its files are written, its commands run, and shown as they are."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from netc.cli.main import netc

PAGE = Path(__file__).parents[1] / "docs/tutorial.md"
STEPS = re.compile(r"^`(\S+\.net)`:\n\n```net\n(.*?)^```$|^```console\n(.*?)^```$", re.M | re.S)

MEASURED = {"train", "test", "predict", "compile"}
"""Commands whose figures depend on the machine, as the memory does that `summary` ends with:
there only the words are compared."""


@dataclass(frozen=True)
class Shown:
    """A command, and what the page says that it prints; a line of dots stands for any lines."""

    command: str
    text: str


def sessions(console: str) -> Iterator[Shown]:
    for part in re.split(r"^\$ ", console, flags=re.M)[1:]:
        command, _, text = part.partition("\n")
        yield Shown(command, text.strip("\n"))


def printed(command: str) -> str:
    words = shlex.split(command)
    assert words[0] == "netc"
    output = CliRunner().invoke(netc, words[1:]).output
    return "\n".join(line.rstrip() for line in output.splitlines()).strip("\n")


def agree(shown: Shown, text: str) -> bool:
    """Whether the page shows what was printed."""
    is_measured = shlex.split(shown.command)[1] in MEASURED
    machine = re.compile(".*" if is_measured else "^memory for .*", re.M)
    expected, text = (machine.sub(_words_only, t) for t in (shown.text, text))
    parts = re.split(r"^\.\.\.$\n?", expected, flags=re.M)
    pattern = r"[\s\S]*".join(re.escape(part.strip("\n")) + r"\n*" for part in parts)
    return bool(re.fullmatch(pattern, text))


def _words_only(line: re.Match[str]) -> str:
    return re.sub(r" *\d[\d.,]*(e-?\d+)?( [kMG]?B)?", " 0", line[0])


def test_the_tutorial_can_be_followed(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    page = PAGE.read_text(encoding="utf-8")
    wrong = []
    for name, net, console in STEPS.findall(page):
        if name:
            (tmp_path / name).write_text(net, encoding="utf-8")
        for shown in sessions(console):
            text = printed(shown.command)
            if not agree(shown, text):
                wrong.append(f"$ {shown.command}\n{text}")
                page = _rewritten(page, shown, text)
    if request.config.getoption("--update-golden"):
        PAGE.write_text(page, encoding="utf-8")
    assert not wrong, "\n\n".join(wrong)


def _rewritten(page: str, shown: Shown, text: str) -> str:
    """The page with what a command prints now."""
    old = f"$ {shown.command}\n{shown.text}".rstrip("\n")
    return page.replace(f"{old}\n", f"$ {shown.command}\n{text}".rstrip("\n") + "\n", 1)


def test_every_net_of_the_tutorial_has_the_name_of_a_file() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text.count("\n```net\n") == sum(1 for name, *_ in STEPS.findall(text) if name)
