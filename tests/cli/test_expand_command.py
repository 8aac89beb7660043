"""`netc expand` prints a net without blocks, or writes it."""

from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import DIGITS, Run

Write = Callable[..., Path]

DEEP = """\
net deep(depth = 2) {
    input x [4]
    repeat depth { part(3) }
    output y = relu
}
block part(n) { dense(n) }
"""


def test_blocks_and_loops_are_written_out(run: Run, spec: Write) -> None:
    result = run("expand", "--brief", spec(DEEP))
    assert result.stderr == ""
    assert result.stdout == (
        "net deep {\n"
        "    input x [4]\n"
        "\n"
        "    repeat_1.part_1.dense_1 = x -> dense(3)\n"
        "    repeat_2.part_1.dense_1 = repeat_1.part_1.dense_1 -> dense(3)\n"
        "\n"
        "    output y = repeat_2.part_1.dense_1 -> relu\n"
        "}\n"
    )


def test_parameters_are_set(run: Run, spec: Write) -> None:
    assert "repeat_3" in run("expand", spec(DEEP), "--set", "depth=3").stdout


def test_the_result_is_a_net_of_its_own(run: Run, spec: Write, tmp_path: Path) -> None:
    plain = tmp_path / "plain.net"
    run("expand", DIGITS, "-o", plain)
    run("check", plain)
    run("fmt", "--check", plain)
    assert run("expand", plain).stdout == plain.read_text()
    run("expand", DIGITS, "-o", tmp_path / "plain.json")
    run("check", tmp_path / "plain.json")


def test_what_cannot_be_written_out_is_told_of(run: Run, spec: Write, tmp_path: Path) -> None:
    assert "unknown-layer" in run("expand", spec("net a { input x [3]; dens(3) }"), code=1).stderr
    assert "unwritable-format" in run("expand", DIGITS, "-o", tmp_path / "a.txt", code=2).stderr
    path = spec(DEEP)
    assert "is the file that is read" in run("expand", path, "-o", path, code=2).stderr


def test_values_with_another_name_are_told_of(run: Run, spec: Write) -> None:
    body = "input x [4]\nh = dense(3) -> add { relu ; tanh } -> relu\noutput h"
    said = run("expand", spec(f"net a {{\n{body}\n}}\n")).stderr
    assert said == "note: the value `h` is called `relu_2` here, and weights are as they were\n"
