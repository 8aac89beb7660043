"""The pages that can be followed show what netc prints, command by command."""

from pathlib import Path

import pytest

from tests.drawn_digits import draw_digits
from tests.following import STEPS, follow, rewritten

DOCS = Path(__file__).parents[1] / "docs"
PAGES = ("tutorial.md", "language.md", "lenet-from-memory.md", "convnetjs.md")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_what_is_printed(
    name: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_digits(tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("NETC_DATA", str(tmp_path / "data"))
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
