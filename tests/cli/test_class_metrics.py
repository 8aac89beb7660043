"""`netc train` and `netc test` of a net with metrics that tell of classes."""

import json
from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Run
from tests.training.small import NET

TEXT = (
    NET.replace("    metric", "    metric confusion(scores, label)\n    metric", 1).replace(
        "    metric accuracy", "    metric class_accuracy(scores, label)\n    metric accuracy"
    )
    + "train {\n    data digits()\n    epochs 1\n}\n"
)


def test_classes_are_tables_for_people_and_lists_for_programs(
    run: Run, spec: Callable[..., Path], tmp_path: Path
) -> None:
    file, folder = spec(TEXT), tmp_path / "run"
    told = run("train", file, "--out", folder)
    assert "confusion" not in told.output, "a line of progress has room for numbers only"
    assert "accuracy" in told.output
    events = run("train", file, "--out", tmp_path / "again", "--json").stdout.splitlines()
    tested = next(e for e in map(json.loads, events) if e["event"] == "test")
    words = ("test", file, "--weights", folder / "best.safetensors")
    measured = json.loads(run(*words, "--json").stdout)
    assert measured["metrics"] == tested["metrics"]
    assert len(measured["metrics"]["class_accuracy"]) == 10
    assert sum(map(sum, measured["metrics"]["confusion"])) == 359
    text = run(*words, "--report", tmp_path / "report").stdout
    assert "class  class_accuracy" in text
    assert "confusion" in text
    report = json.loads((tmp_path / "report" / "report.json").read_text(encoding="utf-8"))
    assert report["metrics"]["confusion"] == report["confusion"]
    page = (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
    assert "class_accuracy" in page
