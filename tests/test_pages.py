"""What the pages show is true: every net in them is right, or is wrong as the page says."""

import re
from pathlib import Path

import pytest

from netc.cli.checked import check_text
from netc.diag import Source, render
from netc.formats import tidy

ROOT = Path(__file__).parents[1]
GENERATED = {"layers.md", "training.md", "problems.md", "networks.md"}
PAGES = [
    ROOT / "README.md",
    *(p for p in sorted((ROOT / "docs").glob("*.md")) if p.name not in GENERATED),
]

NAMED = re.compile(r"^`\S+\.net`:\n\n\Z", re.M)
"""Before a net that is a file for those below it: `test_followed_pages.py` follows these."""


def examples() -> list[tuple[str, str, str]]:
    """Page and line, the net, and the text that the page says netc prints; empty where none."""
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for match in re.finditer(r"^```net\n(.*?)^```$", text, re.M | re.S):
            if NAMED.search(text[: match.start()]):
                continue
            rest = text[match.end() :]
            shown = re.match(
                r"\n\n?(?!```)[^\n]*says[^\n]*\n\n```text\n(.*?)^```$", rest, re.M | re.S
            )
            line = text.count("\n", 0, match.start()) + 1
            found.append((f"{page.name}:{line}", match[1], shown[1] if shown else ""))
    return found


@pytest.mark.parametrize(
    ("net", "shown"), [e[1:] for e in examples()], ids=[e[0] for e in examples()]
)
def test_a_net_on_a_page_is_what_the_page_says(net: str, shown: str) -> None:
    name = re.search(r"--> (\S+?):", shown)
    problems = check_text(net, name[1] if name else "page.net").problems
    said = "\n\n".join(render(problem.diagnostic()) for problem in problems)
    assert said.strip() == shown.strip()


def test_links_between_pages_lead_somewhere() -> None:
    for page in [*PAGES, ROOT / "CONTRIBUTING.md"]:
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name} links to {link}"


def test_links_to_headings_find_them() -> None:
    for page in [*(ROOT / "docs").glob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]:
        for file, heading in re.findall(
            r"\]\(([^)#:]*)#([^)]+)\)", page.read_text(encoding="utf-8")
        ):
            aim = page.parent / file if file else page
            assert heading in _headings(aim), f"{page.name} links to {file}#{heading}"


def _headings(page: Path) -> set[str]:
    """What links to the headings of a page end with, as GitHub makes them."""
    titles = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_no_row_of_a_table_stands_there_twice() -> None:
    for page in PAGES:
        rows = re.findall(r"^\| `netc .*$", page.read_text(encoding="utf-8"), re.M)
        assert len(set(rows)) == len(rows), page.name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_nets_of_a_page_have_the_one_look(page: Path) -> None:
    for net in re.findall(r"^```net\n(.*?)^```$", page.read_text(encoding="utf-8"), re.M | re.S):
        assert tidy(Source(page.name, net)) == net
