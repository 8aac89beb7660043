"""The spec that a run keeps is the net that was trained, whatever it was made of and set to."""

import json
from pathlib import Path

import pytest

import netc
from netc.ir import show
from tests.cli.conftest import Run

NET = """# seen by eight
use "parts/unit.net"

net seer(width, deep = 1) {   # width is for the command line
    input image [1, h, w]     # of any size
    input label class(10)
    repeat deep { conv_unit(width) }
    scores = global_avg_pool -> dense(10)
    loss softmax_loss(scores, label)
    metric accuracy(scores, label)
    output softmax(scores)
}

train {   # quickly
    data digits()
    batch 64
    steps 6
}
"""
UNIT = """let three = 3   # the side of a kernel
block conv_unit(width) { conv(width, kernel: three, pad: 1) -> relu }
net of_its_own { input x [1, 8, 8]; output conv_unit(1) }
"""
SET = ("--set", "width=5", "--set", "deep=2")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "parts").mkdir(parents=True)
    (folder / "seer.net").write_text(NET)
    (folder / "parts" / "unit.net").write_text(UNIT)
    return folder


def graph(path: Path, **parameters: int) -> str:
    return show(netc.load(path, **parameters).graph)


def train(run: Run, *words: object) -> None:
    run("train", *words, "--quiet", "--threads", "1")


def test_a_kept_spec_is_the_same_net_without_its_project(run: Run, project: Path) -> None:
    before = graph(project / "seer.net", width=5, deep=2)
    folder = project.parent / "run"
    train(run, project / "seer.net", *SET, "--out", folder)
    project.rename(project.parent / "elsewhere")
    assert graph(folder / "spec.net") == before
    assert "ok" in run("check", folder / "spec.net").stdout
    weights = folder / "best.safetensors"
    assert "accuracy" in run("test", folder / "spec.net", "--weights", weights).stdout


def test_a_run_of_a_set_net_goes_on_bit_for_bit(run: Run, project: Path) -> None:
    whole, parted = project.parent / "whole", project.parent / "parted"
    train(run, project / "seer.net", *SET, "--out", whole)
    train(run, project / "seer.net", *SET, "--out", parted, "--steps", "3")
    (project / "seer.net").unlink()
    run("train", "--resume", parted, "--steps", "6", "--quiet")
    last = "last.safetensors"
    assert (whole / last).read_bytes() == (parted / last).read_bytes()


def test_the_words_of_the_author_stay_where_something_is_set(run: Run, project: Path) -> None:
    folder = project.parent / "run"
    train(run, project / "seer.net", *SET, "--set", "h=8", "--set", "w=8", "--out", folder)
    kept = (folder / "spec.net").read_text()
    assert kept.startswith('# seen by eight\nuse "used/unit.net"\n\nnet seer(width = 5, deep = 2)')
    assert "    input image [1, 8, 8]     # of any size\n" in kept
    assert (folder / "used" / "unit.net").read_text() == UNIT


def test_values_of_every_kind_are_set_where_they_stand(run: Run, tmp_path: Path) -> None:
    text = NET.replace('use "parts/unit.net"\n', "").replace("conv_unit(width)", "relu")
    text = text.replace("width,", 'width = [1, 2], less = 3, word = "a", is_deep = true,')
    (tmp_path / "a.net").write_text(text)
    changes = ("width=[3]", "less=-0.5", "word=b c", "is_deep=false", "deep=0")
    train(
        run,
        tmp_path / "a.net",
        *(w for c in changes for w in ("--set", c)),
        "--out",
        tmp_path / "r",
    )
    head = 'net seer(width = [3], less = -0.5, word = "b c", is_deep = false, deep = 0) {   # width'
    assert head in (tmp_path / "r" / "spec.net").read_text()


def test_sizes_that_the_data_close_stay_open_for_other_images(run: Run, project: Path) -> None:
    folder = project.parent / "run"
    train(run, project / "seer.net", *SET, "--out", folder)
    assert "input image [1, h, w]" in (folder / "spec.net").read_text()
    assert json.loads((folder / "manifest.json").read_text())["inputs"] == {
        "image": [1, 8, 8],
        "label": [],
    }


def test_the_manifest_records_the_parameters(run: Run, project: Path) -> None:
    train(run, project / "seer.net", "--set", "width=5", "--out", project.parent / "run")
    facts = json.loads((project.parent / "run" / "manifest.json").read_text())
    assert facts["parameters"] == {"width": 5, "deep": 1}


def test_a_net_in_json_is_kept_as_text(run: Run, project: Path) -> None:
    run("convert", project / "seer.net", "-o", project / "seer.json")
    run("convert", project / "parts" / "unit.net", "-o", project / "parts" / "unit.json")
    text = (project / "seer.json").read_text().replace("unit.net", "unit.json")
    (project / "seer.json").write_text(text)
    (project / "parts" / "unit.net").unlink()
    before = graph(project / "seer.json", width=5, deep=2)
    whole, parted = project.parent / "whole", project.parent / "parted"
    train(run, project / "seer.json", *SET, "--out", whole)
    assert graph(whole / "spec.net") == before
    train(run, project / "seer.json", *SET, "--out", parted, "--steps", "3")
    run("train", "--resume", parted, "--steps", "6", "--quiet")
    last = "last.safetensors"
    assert (whole / last).read_bytes() == (parted / last).read_bytes()


def test_what_is_set_is_honoured_when_a_net_is_written_out(run: Run, project: Path) -> None:
    path = project.parent / "plain.net"
    run("expand", project / "seer.net", *SET, "-o", path)
    assert "use " not in path.read_text()
    train(run, path, "--out", project.parent / "plain")
    train(run, project / "seer.net", *SET, "--out", project.parent / "run")
    last = "last.safetensors"
    plain, made = (project.parent / folder / last for folder in ("plain", "run"))
    assert plain.read_bytes() == made.read_bytes()
