"""`netc time`: where the time of a step goes."""

import json
from pathlib import Path

import pytest

from netc.cli.time import _ms
from netc.native import why_not
from tests.cli.conftest import Run

SPEC = """net small {
    input image [3, 8, 8]
    input label class(4)
    conv(8, kernel: 3) -> relu -> max_pool(2)
    scores = dense(4)
    output prob = softmax(scores)
    loss softmax_loss(scores, label)
}
"""

kernels = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    file = tmp_path / "small.net"
    file.write_text(SPEC)
    return file


def measured(run: Run, *words: str | Path) -> dict[str, object]:
    document = json.loads(run("time", *words, "--seconds", "0.02", "--json").stdout)
    assert isinstance(document, dict)
    return document


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("engine", ["cpu", "numpy"])
def test_the_parts_of_a_step_are_no_more_than_all(
    run: Run, spec: Path, engine: str, threads: int
) -> None:
    found = measured(run, spec, "--batch", "33", "--engine", engine, "--threads", str(threads))
    assert (found["batch"], found["engine"], found["threads"]) == (33, engine, threads)
    layers = found["layers"]
    assert isinstance(layers, list)
    for direction in ("forward_ms", "backward_ms"):
        assert found[direction] == pytest.approx(sum(layer[direction] for layer in layers))
        assert found[direction] > 0
    # Medians of parts need not add up to the median of all.
    parts = sum(float(found[f"{part}_ms"]) for part in ("forward", "backward", "waiting"))
    assert parts < 2 * float(found["step_ms"])
    assert float(found["examples_per_second"]) == pytest.approx(33e3 / found["step_ms"])


def test_the_keys_are_those_of_the_page(run: Run, spec: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")
    section = page.partition("## Where the time goes")[2]
    shown = json.loads(section.partition("```json\n")[2].partition("```")[0])
    found = measured(run, spec)
    assert list(found) == list(shown)
    assert list(found["layers"][0]) == list(shown["layers"][0])


def test_every_layer_has_a_line_in_its_order(run: Run, spec: Path) -> None:
    layers = measured(run, spec)["layers"]
    types = [layer["type"] for layer in layers]
    assert types == ["conv", "relu", "max_pool", "dense", "softmax_loss"]
    assert all((layer["peak_share"] or 0) >= 0 for layer in layers if layer["type"] == "conv")


@kernels
def test_what_has_kernels_says_which(run: Run, spec: Path) -> None:
    conv, relu, *_ = measured(run, spec, "--batch", "32")["layers"]
    assert conv["kernels"]
    assert not conv["numpy"]
    assert relu["kernels"] or relu["with"] == conv["name"]


def test_by_numpy_all_is_rules(run: Run, spec: Path) -> None:
    layers = measured(run, spec, "--engine", "numpy")["layers"]
    assert all(layer["numpy"] and not layer["kernels"] for layer in layers)


def test_answers_alone_go_nowhere_but_forward(run: Run, spec: Path) -> None:
    found = measured(run, spec, "--phase", "test", "--batch", "1")
    assert found["backward_ms"] == found["update_ms"] == 0
    assert [layer["type"] for layer in found["layers"]][-1] == "softmax"


def test_the_table_says_the_same(run: Run, spec: Path) -> None:
    text = run("time", spec, "--seconds", "0.02").stdout
    assert text.startswith("net small: 1 example in a step, ")
    assert "forward" in text
    assert "max_pool_1" in text
    assert "examples a second" in text


def test_the_batch_and_the_optimizer_are_those_of_the_file(run: Run, spec: Path) -> None:
    spec.write_text(
        SPEC + "train {\n    data digits\n    batch 20\n    epochs 1\n    optimizer adam()\n}\n"
    )
    found = measured(run, spec)
    assert found["batch"] == 20
    assert float(found["update_ms"]) > 0


def test_a_net_without_a_loss_cannot_be_timed_in_training(run: Run, spec: Path) -> None:
    spec.write_text("net n {\n    input x [3]\n    output y = relu(x)\n}\n")
    assert "no loss to learn by" in run("time", spec, code=2).output
    assert measured(run, spec, "--phase", "test")["forward_ms"] > 0


def test_a_net_without_an_output_answers_nothing(run: Run, spec: Path) -> None:
    spec.write_text(SPEC.replace("    output prob = softmax(scores)\n", ""))
    assert "no output" in run("time", spec, "--phase", "test", code=2).output


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0, "-"), (1.234e-7, "0.000123"), (0.00123, "1.23"), (0.0123, "12.3"), (12.3, "12300")],
)
def test_times_have_three_digits(seconds: float, text: str) -> None:
    assert _ms(seconds) == text
