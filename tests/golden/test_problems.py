"""Wrong files beside what `netc check` says of them: a new case is two new files.

Each folder of `problems/` is called like the kind of problem its files show. `NAME.err` holds the
expected text for `NAME.net`, or for `NAME/main.net` where a case needs several files; run pytest
with `--update-golden` to write it, then read it.
"""

import re
from pathlib import Path

import pytest

import netc.cli.shelves  # noqa: F401  with it the catalogue is whole
from netc.cli.checked import check
from netc.diag import CATALOGUE, render, render_concise
from tests.conftest import Golden

FOLDER = Path(__file__).parent / "problems"
CASES = sorted(path for path in FOLDER.glob("*/*") if path.suffix != ".err")

COMMANDS = FOLDER.with_name("commands")
ELSEWHERE = {
    "file-too-large": "formats/test_read.py",
    **dict.fromkeys(("use-without-file", "too-many-files"), "formats/test_use.py"),
    **dict.fromkeys(("too-much-memory", "weights-mismatch", "data-changed"), "train"),
    **dict.fromkeys(("no-onnx-rule", "not-in-opset", "missing-weight", "unfit-weight"), "export"),
    **dict.fromkeys(("invalid-onnx", "onnx-differs", "missing-provider"), "export"),
    **dict.fromkeys(("missing-part", "model-failed", "unfit-input", "unreadable-input"), "cli"),
}
"""Kinds that no wrong file or command alone brings about, as they lie in weights, models and
machines, and the folder or file of the tests that show them."""


def place(path: Path) -> tuple[Path, str]:
    """Where a case is checked, and the file that is given."""
    return (path, "main.net") if path.is_dir() else (path.parent, path.name)


def said(path: Path) -> str:
    """What `netc check` says of a case, as from within its folder."""
    problems = sorted(check(place(path)[1]).problems, key=lambda p: p.diagnostic().place)
    return "\n\n".join(render(p.diagnostic()) for p in problems)


@pytest.mark.parametrize("path", CASES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_a_wrong_file_is_told_of(
    path: Path, golden: Golden, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place(path)[0])
    text = said(path)
    assert f"[{path.parent.name}]" in text, f"no problem of this kind:\n{text}"
    golden(path.parent / f"{path.name.removesuffix('.net')}.err", text)


@pytest.mark.parametrize("path", CASES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_no_message_breaks_the_rules_of_style(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place(path)[0])
    for problem in check(place(path)[1]).problems:
        d = problem.diagnostic()
        for text in (d.message, *(label.text for label in (d.primary, *d.others) if label)):
            assert not text.endswith("."), f"full stop: {text}"
            assert not text[:1].isupper(), f"capital letter: {text}"
        for help in d.helps:
            assert not help.endswith("."), f"full stop: {help}"
        assert not re.search(r"\{\w+\}", d.message), f"unfilled: {d.message}"
        assert render_concise(d).count("\n") == 0


def test_every_kind_of_problem_has_a_wrong_file() -> None:
    shown = {path.parent.name for path in (*CASES, *COMMANDS.glob("*/*.net"))}
    assert not shown & set(ELSEWHERE)
    missing = sorted(set(CATALOGUE) - shown - set(ELSEWHERE))
    assert not missing, f"no wrong file shows {', '.join(missing)}"


def test_every_folder_is_called_like_a_kind() -> None:
    assert {path.parent.name for path in CASES} <= set(CATALOGUE)


def test_no_expected_text_is_left_without_its_file() -> None:
    texts = {path.with_suffix("") for path in FOLDER.glob("*/*.err")}
    assert texts == {path.parent / path.name.removesuffix(".net") for path in CASES}
