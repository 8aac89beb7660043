"""`use` reads other files of the project, each once, and nothing else whatever is asked of it."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from netc.cli.main import netc
from netc.diag import CATALOGUE, Problem, Source, render
from netc.formats import read_any, read_any_source, read_source
from netc.formats.use.resolve import MOST_FILES, MOST_PROBLEMS
from netc.spec import Library, Spec

NET = "net a { input x [4]\n output dense(10) }\n"
UNIT = "block unit(width) { dense(width) }\n"


def write(folder: Path, **texts: str) -> None:
    """Files by their names without the ending; `__` in a name stands for `/`."""
    for name, text in texts.items():
        path = folder / f"{name.replace('__', '/')}.net"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def library(path: Path) -> Library:
    made = read_any(str(path))
    assert not isinstance(made, list), "\n".join(render(p.diagnostic()) for p in made)
    return made


def problems(path: Path) -> list[Problem]:
    made = read_any(str(path))
    assert isinstance(made, list)
    for problem in made:
        assert render(problem.diagnostic())
    return made


def slugs(path: Path) -> list[str]:
    return [problem.slug for problem in problems(path)]


# ---- what is read


def test_a_used_file_lies_beside_the_line_that_names_it(tmp_path: Path) -> None:
    write(tmp_path, main=f'use "blocks/unit.net"\n{NET}', blocks__unit=UNIT)
    made = library(tmp_path / "main.net")
    assert isinstance(made, Spec)
    (used,) = made.used
    assert [block.name.text for block in used.blocks] == ["unit"]
    assert used.source.path == str(tmp_path / "blocks" / "unit.net")


def test_a_path_begins_at_the_file_that_holds_it(tmp_path: Path) -> None:
    write(
        tmp_path,
        main=f'use "blocks/pair.net"\n{NET}',
        blocks__pair='use "parts/unit.net"\nuse "../other.net"\n',
        blocks__parts__unit=UNIT,
        other=UNIT,
    )
    (tmp_path / ".netc").touch()
    (pair,) = library(tmp_path / "main.net").used
    assert [Path(used.source.path).name for used in pair.used] == ["unit.net", "other.net"]


def test_a_file_used_in_two_ways_is_read_once(tmp_path: Path) -> None:
    write(
        tmp_path,
        main=f'use "left.net"\nuse "sub/../unit.net"\n{NET}',
        left='use "unit.net"\n',
        unit=UNIT,
        sub__empty="",
    )
    made = library(tmp_path / "main.net")
    left, unit = made.used
    assert left.used[0] is unit


def test_a_link_within_the_project_is_the_file_it_leads_to(tmp_path: Path) -> None:
    write(tmp_path, main=f'use "unit.net"\nuse "same.net"\n{NET}', unit=UNIT)
    (tmp_path / "same.net").symlink_to("unit.net")
    first, second = library(tmp_path / "main.net").used
    assert first is second


def test_a_used_file_may_hold_a_net_of_its_own(tmp_path: Path) -> None:
    write(tmp_path, main=f'use "other.net"\n{NET}', other=NET + UNIT)
    (other,) = library(tmp_path / "main.net").used
    assert isinstance(other, Spec)


def test_a_file_without_a_net_can_be_read_too(tmp_path: Path) -> None:
    write(tmp_path, blocks='use "unit.net"\n' + UNIT.replace("unit", "pair"), unit=UNIT)
    made = library(tmp_path / "blocks.net")
    assert not isinstance(made, Spec)
    assert len(made.used) == 1


def test_a_text_called_like_a_file_uses_what_lies_beside_it(tmp_path: Path) -> None:
    write(tmp_path, main=NET, unit=UNIT)
    source = Source(str(tmp_path / "main.net"), f'use "unit.net"\n{NET}')
    made = read_source(source)
    assert isinstance(made, Spec)
    assert len(made.used) == 1


def test_a_text_in_no_file_can_use_none() -> None:
    made = read_any_source(Source("example.net", f'use "unit.net"\n{NET}'))
    assert isinstance(made, list)
    assert [problem.slug for problem in made] == ["use-without-file"]
    assert "relative to the file" in made[0].diagnostic().text


def test_standard_input_begins_at_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, unit=UNIT)
    monkeypatch.chdir(tmp_path)
    text = 'use "unit.net"\nnet a { input x [4]\n output unit(10) }\n'
    result = CliRunner().invoke(netc, ["check", "-"], input=text)
    assert result.exit_code == 0, result.output


def test_a_chain_of_many_files_is_followed(tmp_path: Path) -> None:
    write(tmp_path, **{f"f{i}": f'use "f{i + 1}.net"\n{UNIT}' for i in range(MOST_FILES)})
    write(tmp_path, **{f"f{MOST_FILES}": UNIT})
    assert library(tmp_path / "f0.net").used
    write(tmp_path, **{f"f{MOST_FILES}": f'use "last.net"\n{UNIT}', "last": UNIT})
    (found,) = problems(tmp_path / "f0.net")
    assert found.slug == "too-many-files"
    assert found.span is not None
    assert found.span.source.path.endswith(f"f{MOST_FILES}.net")


# ---- what is refused


HOSTILE = [
    ("bad-use", ["", "  ", "/etc/passwd", "/dev/zero", "//x.net", "~/x.net", "~root/x.net"]),
    ("bad-use", ["C:\\x.net", "C:/x.net", "c:x.net", "\\\\host\\x.net", "a\\b.net"]),
    ("bad-use", ["a\0b.net", "\x1b[31m.net", "a" * 5000 + ".net", "a/" * 100_000 + "x.net"]),
    ("bad-use", ["https://example.org/x.net", "file:///etc/x.net"]),
    ("outside-project", ["../x.net", "..", "a/../../x.net", "../../../../../../etc/passwd"]),
    ("outside-project", ["./../" + "x/" * 100 + "../" * 100 + "x.net", "out.net", "way/x.net"]),
    ("unknown-format", ["-", ".", "x", "x.txt", "sub", "fifo", "x.net.bak", ".net/.net"]),
    ("unreadable-use", ["nowhere.net", "sub.net", "fifo.net", "circle.net", "x.net/y.net"]),
    ("unreadable-use", ["a" * 300 + ".net", "no/such/folder.net"]),
]


@pytest.mark.parametrize(
    ("slug", "path"), [(slug, path) for slug, paths in HOSTILE for path in paths]
)
def test_a_hostile_path_ends_in_a_problem(tmp_path: Path, slug: str, path: str) -> None:
    here = tmp_path / "here"
    write(here, sub__empty="", x=UNIT)
    (here / "sub.net").mkdir()
    (here / "circle.net").symlink_to("circle.net")
    (here / "out.net").symlink_to(tmp_path / "secret.net")
    (here / "way").symlink_to(tmp_path)
    os.mkfifo(here / "fifo.net")
    os.mkfifo(here / "fifo")
    write(tmp_path, secret=UNIT, x=UNIT)
    write(here, main=f'use "{path}"\n{NET}')
    assert slugs(here / "main.net") == [slug]


def test_a_path_that_no_text_can_hold_is_a_problem_too(tmp_path: Path) -> None:
    write(tmp_path, main=NET)
    made = read_any_source(Source(str(tmp_path / "main.net"), f'use "\ud800.net"\n{NET}'))
    assert isinstance(made, list)
    assert [problem.slug for problem in made] == ["bad-use"]


def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    write(tmp_path, main=f'use "unit.net"\n{NET}', unit=UNIT)
    (tmp_path / "unit.net").chmod(0)
    if os.access(tmp_path / "unit.net", os.R_OK):
        pytest.skip("this user may read everything")
    assert slugs(tmp_path / "main.net") == ["unreadable-file"]


def test_a_used_file_that_is_too_large_is_told_of_where_it_is_used(tmp_path: Path) -> None:
    write(tmp_path, main=f'use "unit.net"\n{NET}')
    with (tmp_path / "unit.net").open("wb") as file:
        file.truncate(17_000_000)
    (found,) = problems(tmp_path / "main.net")
    assert found.slug == "file-too-large"
    assert found.span is not None
    assert found.span.source.path == str(tmp_path / "main.net")


# ---- the project


@pytest.mark.parametrize("marker", [".git", "pyproject.toml", ".netc"])
def test_the_project_is_the_nearest_folder_with_a_marker(tmp_path: Path, marker: str) -> None:
    write(tmp_path, project__nets__main=f'use "../blocks/unit.net"\n{NET}')
    write(tmp_path, project__blocks__unit=UNIT)
    path = tmp_path / "project" / "nets" / "main.net"
    (found,) = problems(path)
    assert found.slug == "outside-project"
    assert ".netc" in found.diagnostic().helps[0]
    (tmp_path / "project" / marker).touch()
    assert library(path).used


def test_a_project_within_a_project_is_one_of_its_own(tmp_path: Path) -> None:
    write(tmp_path, outer__unit=UNIT, outer__inner__main=f'use "../unit.net"\n{NET}')
    for folder in ("outer", "outer/inner"):
        (tmp_path / folder / ".netc").touch()
    assert slugs(tmp_path / "outer" / "inner" / "main.net") == ["outside-project"]


# ---- problems of used files


def test_a_problem_of_a_used_file_shows_how_one_gets_there(tmp_path: Path) -> None:
    write(
        tmp_path,
        main=f'use "left.net"\n{NET}',
        left='use "unit.net"\n',
        unit="block unit(width) { dense(width }\n",
    )
    (found,) = problems(tmp_path / "main.net")
    assert found.span is not None
    assert found.span.source.path.endswith("unit.net")
    files = [Path(label.span.source.path).name for label in found.via]
    assert files == ["left.net", "main.net"]


def test_all_files_with_problems_are_told_of(tmp_path: Path) -> None:
    write(
        tmp_path,
        main=f'use "a.net"\nuse "b.net"\nuse "a.net"\nuse "c.net"\n{NET}',
        a="block a( {}",
        b="block b( {}",
    )
    found = ["unclosed-bracket", "unclosed-bracket", "unreadable-use"]
    assert slugs(tmp_path / "main.net") == found


def test_many_lines_that_lead_nowhere_end_soon(tmp_path: Path) -> None:
    lines = "".join(f'use "x{i}.net"\n' for i in range(2000))
    write(tmp_path, main=lines + NET)
    assert len(problems(tmp_path / "main.net")) == MOST_PROBLEMS


def test_the_nearest_file_is_suggested_and_put_in_place(tmp_path: Path) -> None:
    write(tmp_path, main=f'use "blocks/resdual.net"\n{NET}', blocks__residual=UNIT)
    (found,) = problems(tmp_path / "main.net")
    (fix,) = found.diagnostic().fixes
    assert fix.text == '"blocks/residual.net"'
    assert not fix.is_safe


def test_no_file_outside_the_project_is_suggested(tmp_path: Path) -> None:
    write(tmp_path, here__main=f'use "../secrt.net"\n{NET}', secret=UNIT)
    (found,) = problems(tmp_path / "here" / "main.net")
    assert "secret" not in found.diagnostic().text


def test_every_kind_of_this_page_is_in_the_catalogue() -> None:
    kinds = {slug for slug, _ in HOSTILE} | {"use-cycle", "use-without-file", "too-many-files"}
    assert kinds <= set(CATALOGUE)
