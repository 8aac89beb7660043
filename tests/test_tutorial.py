"""The tutorial, and the files of the reference, can be followed as they stand."""

from pathlib import Path

import pytest

from tests.following import STEPS, follow, rewritten

DOCS = Path(__file__).parents[1] / "docs"


@pytest.mark.parametrize("name", ["tutorial.md", "language.md"])
def test_a_page_can_be_followed(
    name: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    page = (DOCS / name).read_text(encoding="utf-8")
    wrong = follow(page, tmp_path)
    if request.config.getoption("--update-golden"):
        for shown, text in wrong:
            page = rewritten(page, shown, text)
        (DOCS / name).write_text(page, encoding="utf-8")
    assert not wrong, "\n\n".join(f"$ {shown.command}\n{text}" for shown, text in wrong)


def test_every_net_of_the_tutorial_has_the_name_of_a_file() -> None:
    text = (DOCS / "tutorial.md").read_text(encoding="utf-8")
    assert text.count("\n```net\n") == sum(1 for name, *_ in STEPS.findall(text) if name)
