"""The transcript of LeNet written from memory is what netc prints."""

import struct
from pathlib import Path

import numpy as np
import pytest

from tests.following import follow, rewritten

PAGE = Path(__file__).parents[1] / "docs" / "lenet-from-memory.md"


def test_lenet_from_memory_is_mended_by_what_is_said(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _draw_digits(tmp_path / "data")
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


def _draw_digits(folder: Path) -> None:
    """Files as those of MNIST with a few images that are told apart at a glance."""
    folder.mkdir()
    for part, count in (("train", 640), ("t10k", 100)):
        labels = np.arange(count, dtype=np.uint8) % 10
        images = np.zeros((count, 28, 28), np.uint8)
        for image, label in zip(images, labels, strict=True):
            image[4 : 8 + 2 * label, 4:24] = 255
        for name, array in (("images-idx3", images), ("labels-idx1", labels)):
            head = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
            (folder / f"{part}-{name}-ubyte").write_bytes(head + array.tobytes())
