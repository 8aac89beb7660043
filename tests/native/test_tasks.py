"""What becomes of networks, as text: `tasks/NAME.net` and the tasks of a step of training it."""

from pathlib import Path

import pytest

from tests.conftest import Golden
from tests.native.listed import built, listed

pytest.importorskip("llvmlite")

FOLDER = Path(__file__).parent / "tasks"
BATCHES = {"narrow": 4}
"""Batches, where not of 64 examples."""


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.net")), ids=lambda p: p.stem)
def test_a_network_becomes_these_tasks(path: Path, golden: Golden) -> None:
    made = built(path.read_text(encoding="utf-8"), batch=BATCHES.get(path.stem, 64))
    golden(path.with_suffix(".out"), listed(made))
