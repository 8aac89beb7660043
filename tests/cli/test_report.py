"""`netc test --report`: counts by class, wrong answers, and a page that holds them."""

import json
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest

from netc.cli.exam import Exam
from netc.cli.report import report_of, write_report
from netc.training import Examples
from netc.training.data import Field
from netc.visualize import png
from tests.cli.conftest import DIGITS, ROOT, Run

RIGHT = [0, 0, 0, 1, 1, 1]
ANSWERED = [0, 0, 1, 1, 0, 1]


def exam(names: tuple[str, ...] = ("cat", "<dog>", "none")) -> Exam:
    images = np.arange(6 * 4, dtype=np.uint8).reshape(6, 1, 2, 2)
    fields = {"image": Field(images), "label": Field(np.array(RIGHT), 3)}
    sure = np.array([0.9, 0.8, 0.6, 0.9, 0.7, 0.5])
    return Exam(Examples(fields), names, np.array(ANSWERED), sure, np.array(RIGHT))


def test_every_class_is_counted() -> None:
    report = report_of(exam())
    assert (report.examples, report.right) == (6, 4)
    assert report.confusion == ((2, 1, 0), (1, 2, 0), (0, 0, 0))
    assert [c.recall for c in report.classes] == [pytest.approx(2 / 3), pytest.approx(2 / 3), None]
    assert report.classes[2].precision is None


def test_the_surest_mistake_comes_first() -> None:
    assert [w.index for w in report_of(exam()).worst] == [4, 2]
    assert report_of(exam()).worst[0].answered == "cat"


def test_the_page_shows_names_as_text_and_every_wrong_image(tmp_path: Path) -> None:
    page = write_report(exam(), tmp_path / "new" / "report", "a & b").read_text(encoding="utf-8")
    assert "<dog>" not in page
    assert "&lt;dog&gt;" in page
    assert "a &amp; b" in page
    assert page.count("data:image/png;base64,") == 2


def test_many_classes_get_no_table(tmp_path: Path) -> None:
    names = tuple(f"class {i}" for i in range(101))
    page = write_report(exam(names), tmp_path, "many").read_text(encoding="utf-8")
    assert "101 classes are too many for a table" in page
    assert len(json.loads((tmp_path / "report.json").read_text())["confusion"]) == 101


@pytest.mark.parametrize(("channels", "color"), [(1, 0), (3, 2)])
def test_a_png_holds_the_pixels(channels: int, color: int) -> None:
    pixels = np.linspace(0, 1, channels * 6).reshape(channels, 2, 3)
    content = png(pixels)
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">IIBB", content[16:26]) == (3, 2, 8, color)
    start = content.index(b"IDAT")
    size = struct.unpack(">I", content[start - 4 : start])[0]
    lines = zlib.decompress(content[start + 4 : start + 4 + size])
    rows = np.frombuffer(lines, np.uint8).reshape(2, 1 + 3 * channels)
    assert not rows[:, 0].any()
    wanted = np.moveaxis((pixels * 255).round(), 0, -1).reshape(2, -1)
    assert np.array_equal(rows[:, 1:], wanted)


def test_a_report_agrees_with_the_measured_accuracy(
    run: Run, trained: Path, tmp_path: Path
) -> None:
    weights = trained / "best.safetensors"
    words = ("test", DIGITS, "--weights", weights, "--report", tmp_path / "r")
    assert "index.html" in run(*words).stdout
    measured = json.loads(run(*words, "--json").stdout)
    report = json.loads((tmp_path / "r" / "report.json").read_text(encoding="utf-8"))
    assert report["right"] / report["examples"] == pytest.approx(measured["metrics"]["accuracy"])
    assert sum(map(sum, report["confusion"])) == measured["examples"] == 359


def test_a_net_without_classes_has_no_report(run: Run, tmp_path: Path) -> None:
    spec, folder = ROOT / "specs" / "regression.net", tmp_path / "run"
    run("train", spec, "--steps", "2", "--out", folder, "--quiet")
    words = ("test", spec, "--weights", folder / "last.safetensors", "--report", tmp_path / "r")
    assert "no class labels" in run(*words, code=2).stderr
    assert not (tmp_path / "r").exists()


def test_a_file_in_the_way_of_a_report_is_named(run: Run, trained: Path, tmp_path: Path) -> None:
    (tmp_path / "r").write_text("mine")
    weights = trained / "best.safetensors"
    words = ("test", DIGITS, "--weights", weights, "--report", tmp_path / "r")
    assert str(tmp_path / "r") in run(*words, code=3).stderr
    assert (tmp_path / "r").read_text() == "mine"
