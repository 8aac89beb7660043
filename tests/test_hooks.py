"""The hooks for pre-commit name commands that there are."""

import re
from pathlib import Path

import pytest

from netc.cli.main import COMMANDS, netc

TEXT = (Path(__file__).parents[1] / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
HOOKS = re.findall(r"^- id: (\S+)\n((?:  .*\n)+)", TEXT, re.M)


def test_every_line_belongs_to_a_hook() -> None:
    hooks = "".join(f"- id: {name}\n{body}" for name, body in HOOKS)
    assert "".join(line for line in TEXT.splitlines(True) if not line.startswith("#")) == hooks


@pytest.mark.parametrize(("name", "body"), HOOKS, ids=[name for name, _ in HOOKS])
def test_a_hook_runs_a_command_on_specs(name: str, body: str) -> None:
    hook = dict(line.strip().split(": ", 1) for line in body.splitlines())
    assert set(hook) == {"name", "description", "entry", "language", "files"}
    program, command = hook["entry"].split()
    assert program == "netc"
    assert command in COMMANDS
    assert netc.get_command(None, command) is not None  # type: ignore[arg-type]
    assert name == f"netc-{command}"
    assert re.search(hook["files"], "specs/a.net")
    assert not re.search(hook["files"], "a.network")


def test_it_is_yaml() -> None:
    yaml = pytest.importorskip("yaml", reason="PyYAML comes with pre-commit, not with netc")
    assert [hook["id"] for hook in yaml.safe_load(TEXT)] == [name for name, _ in HOOKS]
