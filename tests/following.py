"""Pages that can be followed: their files are written, their commands run, and compared."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from netc.cli.main import netc

STEPS = re.compile(
    r"^`(\S+\.(?:net|js))`:\n\n```(?:net|js)\n(.*?)^```$|^```console\n(.*?)^```$", re.M | re.S
)

MEASURED = {"train", "test", "predict", "compile", "search"}
"""Commands whose figures depend on the machine, as the memory does that `summary` ends with:
there only the words are compared, not how far they are apart."""

_NOW_AND_THEN = re.compile(r"  (compiling kernels|step [\d,]+ of) ")
"""What a training says where it takes long."""


@dataclass(frozen=True)
class Shown:
    """A command, and what the page says that it prints; a line of dots stands for any lines."""

    command: str
    text: str


def follow(page: str, folder: Path) -> list[tuple[Shown, str]]:
    """Write the files of a page to a folder and run its commands there, in their order; give those
    that print something else than the page shows."""
    wrong = []
    for name, net, console in STEPS.findall(page):
        if name:
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(net, encoding="utf-8")
        for shown in _sessions(console):
            text = _printed(shown.command)
            if not _agree(shown, text):
                wrong.append((shown, text))
    return wrong


def rewritten(page: str, shown: Shown, text: str) -> str:
    """The page with what a command prints now."""
    old = f"$ {shown.command}\n{shown.text}".rstrip("\n")
    return page.replace(f"{old}\n", f"$ {shown.command}\n{text}".rstrip("\n") + "\n", 1)


def _sessions(console: str) -> Iterator[Shown]:
    for part in re.split(r"^\$ ", console, flags=re.M)[1:]:
        command, _, text = part.partition("\n")
        yield Shown(command, text.strip("\n"))


def _printed(command: str) -> str:
    words = shlex.split(command)
    assert words[0] == "netc"
    output = CliRunner().invoke(netc, words[1:]).output
    lines = (line.rstrip() for line in output.splitlines() if not _NOW_AND_THEN.match(line))
    return "\n".join(lines).strip("\n")


def _agree(shown: Shown, text: str) -> bool:
    """Whether the page shows what was printed."""
    is_measured = shlex.split(shown.command)[1] in MEASURED
    machine = re.compile(".*" if is_measured else "^memory for .*", re.M)
    expected, text = (machine.sub(_words_only, t) for t in (shown.text, text))
    parts = re.split(r"^\.\.\.$\n?", expected, flags=re.M)
    pattern = r"[\s\S]*".join(re.escape(part.strip("\n")) + r"\n*" for part in parts)
    return bool(re.fullmatch(pattern, text))


def _words_only(line: re.Match[str]) -> str:
    words = re.sub(r" *\d[\d.,]*(e-?\d+)?( [kMG]?B)?", " 0", line[0])
    return re.sub(r"(?<=\S) +", " ", words)
