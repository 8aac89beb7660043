"""The programs of docs/native.md print what the page says."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("llvmlite", reason="native kernels need llvmlite")

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "native.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$(?:\n\n```text\n(.*?)^```$)?", PAGE, re.M | re.S)


@pytest.mark.parametrize("vectors", ["", "32", "16"])
def test_the_programs_of_the_page_print_what_it_says(vectors: str, tmp_path: Path) -> None:
    (tmp_path / "specs").mkdir()
    shutil.copy(ROOT / "specs" / "lenet.net", tmp_path / "specs")
    (tmp_path / "page.py").write_text("\n".join(code for code, _ in BLOCKS), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "page.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NETC_VECTORS": vectors},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout == "".join(text for _, text in BLOCKS)


def test_files_and_links_of_the_page_are_there() -> None:
    named = re.findall(r"`((?:netc/|tests/)?[a-z_/]+\.py)`", PAGE)
    for name in named:
        places = (ROOT / name, ROOT / "netc/native" / name, ROOT / "tests/native" / name)
        assert any(place.is_file() for place in places), name
    for link in re.findall(r"\]\(([a-z-]+\.md)", PAGE):
        assert (ROOT / "docs" / link).is_file(), link
