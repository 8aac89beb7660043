"""`netc compile`: what it says of the file it wrote."""

import json
from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import DIGITS, Run

Spec = Callable[..., Path]


def test_a_proven_file_is_told_on_one_line(run: Run, trained: Path, tmp_path: Path) -> None:
    path = tmp_path / "digits.onnx"
    result = run("compile", DIGITS, "--weights", trained / "best.safetensors", "-o", path)
    assert result.stdout.startswith(f"{path}: ")
    assert "opset 18, IR 8; onnxruntime agrees to within" in result.stdout
    assert result.stderr == ""
    assert path.exists()


def test_json_is_one_document_by_the_contract(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "digits.onnx"
    result = run("compile", DIGITS, "-o", path, "--opset", "13", "--json")
    document = json.loads(result.stdout)
    assert document == {
        "file": str(path),
        "opset": 13,
        "ir_version": 7,
        "verified": True,
        "max_abs_error": document["max_abs_error"],
        "bytes": path.stat().st_size,
    }


def test_untrained_weights_are_mentioned(run: Run, tmp_path: Path) -> None:
    result = run("compile", DIGITS, "-o", tmp_path / "digits.onnx", "--no-verify")
    assert "not compared" in result.stdout
    assert "the weights are untrained" in result.stderr


def test_a_wrong_target_opset_or_place_is_told_of(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "digits.onnx"
    words = ("compile", DIGITS, "-o", path)
    assert "did you mean `tensorrt`?" in run(*words, "--target", "tensort", code=2).stderr
    assert "bad-opset" in run(*words, "--opset", "9", code=2).stderr
    nowhere = tmp_path / "no" / "x.onnx"
    assert "unwritable-file" in run("compile", DIGITS, "-o", nowhere, code=3).stderr
    assert not path.exists()


def test_a_spec_or_weights_are_not_written_over(run: Run, spec: Spec, trained: Path) -> None:
    text = Path(DIGITS).read_text(encoding="utf-8")
    path, weights = spec(text), trained / "best.safetensors"
    before = weights.read_bytes()
    assert "unwritable-file" in run("compile", path, "-o", path, code=3).stderr
    words = ("compile", path, "--weights", weights)
    assert "remove that one first" in run(*words, "-o", weights, code=3).stderr
    assert path.read_text(encoding="utf-8") == text
    assert weights.read_bytes() == before


def test_an_onnx_file_does_not_go_to_standard_output(run: Run) -> None:
    assert "cannot go to standard output" in run("compile", DIGITS, "-o", "-", code=2).stderr
