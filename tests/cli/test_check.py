"""What `netc check` says, where it says it, and how it ends."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import DIGITS, Run

Write = Callable[..., Path]

RIGHT = "net a {\n    input x [4]\n    output dense(3)\n}\n"
WRONG = "net a {\n    input x [4]\n    y = dens(3)\n    output softmax(z)\n}\n"
WARNED = "net a {\n    input x [4]\n    h = dense(3)\n    output x -> softmax\n}\n"


def test_a_right_file_is_told_on_one_line(run: Run) -> None:
    result = run("check", DIGITS)
    assert (
        result.stdout == f"{DIGITS}: ok (net digits: 11 layers, 30,634 params, 1 loss, 1 metric)\n"
    )
    assert result.stderr == ""


def test_all_problems_of_all_files_come_in_their_order(run: Run, spec: Write) -> None:
    wrong, right = spec(WRONG, "wrong.net"), spec(RIGHT, "right.net")
    result = run("check", wrong, right, code=1)
    first, second = (result.stderr.index(word) for word in ("`dens`", "`z`"))
    assert first < second
    assert f"2 errors in {wrong}" in result.stderr
    assert result.stdout.startswith(f"{right}: ok")


def test_standard_input_is_a_file(run: Run) -> None:
    assert run("check", "-", input=RIGHT).stdout.startswith("<stdin>: ok")
    assert "<stdin>:3:9" in run("check", "-", input=WRONG, code=1).stderr


def test_a_missing_file_ends_with_3_and_a_wrong_one_beside_it_with_1(run: Run, spec: Write) -> None:
    assert "unreadable-file" in run("check", "nowhere.net", code=3).stderr
    run("check", "nowhere.net", spec(WRONG), code=1)


@pytest.mark.parametrize("ending", [".net", ".js", ".json"])
def test_of_a_folder_the_files_are_to_be_named(run: Run, tmp_path: Path, ending: str) -> None:
    (tmp_path / f"a{ending}").write_text("", encoding="utf-8")
    said = run("check", tmp_path, code=3).stderr
    assert f"name its files: `{tmp_path / '*'}{ending}`" in said


def test_warnings_end_well_unless_they_are_denied(run: Run, spec: Write) -> None:
    path = spec(WARNED)
    result = run("check", path)
    assert "1 warning in" in result.stderr
    assert ": ok (" in result.stdout
    run("check", path, "--deny", "warnings", code=1)


def test_a_warning_that_is_allowed_is_not_told_of(run: Run, spec: Write) -> None:
    path = spec(WARNED)
    slug = str(
        json.loads(run("check", path, "--output-format", "json").stdout)["diagnostics"][0]["code"]
    )
    result = run("check", path, "--deny", "warnings", "--allow", slug)
    assert result.stderr == ""
    assert ": ok (" in result.stdout
    run("check", path, "--deny", "warnings", "--allow", "trimmed-edge", code=1)


def test_only_a_warning_can_be_allowed(run: Run, spec: Write) -> None:
    path = spec(WARNED)
    said = run("check", path, "--allow", "trimed-edge", code=2).stderr
    assert "no warning is called `trimed-edge`" in said
    assert "did you mean `trimmed-edge`?" in said
    assert (
        "no warning is called `bad-shape`"
        in run("check", path, "--allow", "bad-shape", code=2).stderr
    )


def test_only_the_first_of_many_problems_are_drawn(run: Run, spec: Write) -> None:
    lines = "".join(f"    a{i} = x -> dens(3)\n" for i in range(30))
    result = run("check", spec(f"net a {{\n    input x [4]\n{lines}}}\n"), code=1)
    assert result.stderr.count("error[") == 20
    assert "and 10 more" in result.stderr
    assert "30 errors in" in result.stderr


def test_json_is_one_document_by_the_contract(run: Run, spec: Write) -> None:
    path = spec(WRONG)
    result = run("check", path, "--output-format", "json", code=1)
    document = json.loads(result.stdout)
    assert result.stderr == ""
    assert set(document) == {"version", "diagnostics"}
    first = document["diagnostics"][0]
    assert set(first) == {"code", "severity", "message", "spans", "notes", "help", "fixes"}
    assert (first["code"], first["severity"]) == ("unknown-layer", "error")
    span = first["spans"][0]
    assert span == {
        "file": str(path),
        "line": 3,
        "col": 9,
        "end_line": 3,
        "end_col": 13,
        "label": span["label"],
        "primary": True,
    }


def test_json_of_a_right_file_is_empty(run: Run) -> None:
    result = run("check", DIGITS, "--output-format", "json")
    assert json.loads(result.stdout) == {"version": 1, "diagnostics": []}


def test_concise_is_a_line_for_each_problem(run: Run, spec: Write) -> None:
    path = spec(WRONG)
    lines = run("check", path, "--output-format", "concise", code=1).stderr.splitlines()
    assert lines[0] == f"{path}:3:9: error[unknown-layer]: there is no layer type `dens`"
    assert len(lines) == 2


def test_the_train_section_is_checked_too(run: Run, spec: Write) -> None:
    path = spec(RIGHT + "train {\n    bach 3\n}\n")
    assert "unknown-setting" in run("check", path, code=1).stderr


def test_sarif_is_one_document_and_knows_files_that_are_not_there(run: Run, spec: Write) -> None:
    result = run("check", spec(WRONG), "nowhere.net", "--output-format", "sarif", code=1)
    assert result.stderr == ""
    results = json.loads(result.stdout)["runs"][0]["results"]
    assert [r["ruleId"] for r in results] == ["unknown-layer", "unknown-value", "unreadable-file"]
    place = results[-1]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "nowhere.net"
    assert place["region"]["startLine"] == 1


def test_github_annotations_are_lines_on_stdout(run: Run, spec: Write) -> None:
    path = spec(WARNED)
    lines = run("check", path, "--output-format", "github").stdout.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(f"::warning file={path},line=3,endLine=3,col=9,endColumn=17,")
    assert "title=netc[unused-value]::nothing uses `h`" in lines[0]
