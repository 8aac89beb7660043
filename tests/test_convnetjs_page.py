"""The page about ConvNetJS is what netc prints."""

from pathlib import Path

import pytest

from tests.drawn_digits import draw_digits
from tests.following import follow, rewritten

PAGE = Path(__file__).parents[1] / "docs" / "convnetjs.md"


def test_the_page_can_be_followed(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_digits(tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("NETC_DATA", str(tmp_path / "data"))
    page = PAGE.read_text(encoding="utf-8")
    wrong = follow(page, tmp_path)
    if request.config.getoption("--update-golden"):
        for shown, text in wrong:
            page = rewritten(page, shown, text)
        PAGE.write_text(page, encoding="utf-8")
    assert not wrong, "\n\n".join(f"$ {shown.command}\n{text}" for shown, text in wrong)
