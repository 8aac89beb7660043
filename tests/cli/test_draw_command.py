"""`netc draw` writes pictures, and ends as the other commands do."""

from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import DIGITS, Run

Write = Callable[..., Path]


def test_a_picture_of_each_kind_is_written(run: Run, tmp_path: Path) -> None:
    for ending, start in {
        ".svg": "<svg",
        ".dot": "digraph",
        ".gv": "digraph",
        ".mmd": "---",
    }.items():
        path = tmp_path / f"digits{ending}"
        result = run("draw", DIGITS, "-o", path)
        assert result.output == ""
        assert path.read_text(encoding="utf-8").startswith(start)


def test_the_same_twice_is_the_same_text(run: Run) -> None:
    first, second = (run("draw", DIGITS, "--to", "svg").stdout for _ in range(2))
    assert first == second
    assert first.startswith("<svg")


def test_options_change_the_picture(run: Run, spec: Write) -> None:
    net = "net deep(depth = 2) { input x [4]\n repeat depth { part(4) }\n output y = relu }\n"
    path = spec(net + "block part(n) { dense(n) -> dense(n) }")
    plain = run("draw", path, "--to", "mmd").stdout
    assert plain.count("dense 4") == 4
    assert run("draw", path, "--to", "mmd", "--set", "depth=3").stdout.count("dense 4") == 6
    assert run("draw", path, "--to", "mmd", "--rounds", "once").stdout.count("dense 4") == 2
    assert "2 layers, 40 params" in run("draw", path, "--to", "mmd", "--depth", "0").stdout
    assert run("draw", path, "--to", "mmd", "--block", "repeat_2").stdout.count("dense 4") == 2
    assert "LR" in run("draw", path, "--to", "mmd", "--direction", "right").stdout


def test_a_phase_alone(run: Run, spec: Write) -> None:
    net = "net a { input x [4]\n input t [4]\n when train { dropout(0.5) -> dense(4) }\n"
    path = spec(net + "loss euclidean_loss(dense(4), t)\n output dense(3) }")
    assert "by_phase" in run("draw", path, "--to", "dot").stdout
    assert "by_phase" not in run("draw", path, "--to", "dot", "--phase", "test").stdout
    assert "dropout" in run("draw", path, "--to", "dot", "--phase", "train").stdout
    assert "dropout" not in run("draw", path, "--to", "dot", "--phase", "test").stdout


def test_what_cannot_be_drawn_is_told_of(run: Run, spec: Write, tmp_path: Path) -> None:
    assert "`.svg`, `.dot` or `.mmd`" in run("draw", DIGITS, "-o", "a.png", code=2).stderr
    assert "no picture to write" in run("draw", DIGITS, code=2).stderr
    block = ("--block", "part_2", "--to", "svg")
    assert "has no block `part_2`" in run("draw", DIGITS, *block, code=2).stderr
    assert (
        "unknown-layer"
        in run("draw", spec("net a { input x [3]; dens(3) }"), "--to", "svg", code=1).stderr
    )
    run("draw", tmp_path / "nowhere.net", "--to", "svg", code=3)
    path = spec("net a { input x [3]\n output relu }", "a.svg")
    assert "is the file that is read" in run("draw", path, "-o", path, code=2).stderr


def test_lines_that_mermaid_would_not_show_are_told_of(run: Run) -> None:
    densenet = str(Path(DIGITS).with_name("densenet.net"))
    assert "`maxEdges`" in run("draw", densenet, "--to", "mmd").stderr
    assert run("draw", densenet, "--to", "mmd", "--depth", "0").stderr == ""
