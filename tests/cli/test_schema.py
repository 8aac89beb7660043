"""`netc schema`: valid itself, it takes every spec that netc takes, and marks common mistakes."""

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from netc.cli.checked import check_text
from netc.cli.main import netc
from netc.cli.schema import schema
from netc.diag import Source
from netc.formats import json_forms, parse, read_any, write
from netc.layers import REGISTRY
from netc.options import options_of
from netc.spec import Spec

ROOT = Path(__file__).parents[2]
SPECS = sorted((ROOT / "specs").rglob("*.net"))
PAGE = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
VALIDATOR = Draft202012Validator(schema())

SMALL: dict[str, Any] = {
    "net": {
        "name": "small",
        "body": [
            {"input": "x", "shape": [1, 8, 8]},
            {"type": "conv", "filters": 4, "kernel": 3},
            {"name": "h", "chain": ["relu", {"type": "max_pool", "kernel": 2, "round": "up"}]},
            {"output": {"type": "dense", "units": 2, "init": {"type": "gaussian", "std": 0.1}}},
        ],
    },
    "train": {"batch": 32, "optimizer": {"type": "sgd", "rate": 0.1}, "schedule": "cosine"},
}


def is_taken(data: object) -> None:
    fault = best_match(VALIDATOR.iter_errors(data))
    assert fault is None, f"{list(fault.absolute_path)}: {fault.message[:300]}"


def with_change(path: str, value: object) -> Any:
    """The small spec with another value at a path such as `net.body.1.kernel`."""
    changed = copy.deepcopy(SMALL)
    part: Any = changed
    *keys, last = [int(key) if key.isdigit() else key for key in path.split(".")]
    for key in keys:
        part = part[key]
    part[last] = value
    return changed


def test_the_command_prints_a_valid_schema() -> None:
    done = CliRunner().invoke(netc, ["schema"])
    assert done.exit_code == 0
    printed = json.loads(done.stdout)
    Draft202012Validator.check_schema(printed)
    assert printed == schema()


def test_every_reference_leads_to_a_definition_and_none_is_unused() -> None:
    found = schema()
    used = set(re.findall(r'"#/\$defs/([^"]+)"', json.dumps(found)))
    assert used == set(found["$defs"])


@pytest.mark.parametrize("path", SPECS, ids=lambda p: p.name)
def test_every_spec_that_comes_with_netc_is_valid(path: Path) -> None:
    made = read_any(str(path))
    assert not isinstance(made, list)
    written = write(made, ".json")
    assert isinstance(written, str)
    is_taken(json.loads(written))


def test_the_small_spec_is_valid_and_right() -> None:
    is_taken(SMALL)
    assert check_text(json.dumps(SMALL), "a.json").graph is not None


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("net.body.1.type", "cnov"),
        ("net.body.1.type", 3),
        ("net.body.1.kernal", 3),
        ("net.body.1.filters", 0),
        ("net.body.1.filters", 2.5),
        ("net.body.1.filters", "many"),
        ("net.body.1.bias", "yes"),
        ("net.body.1.kernel", []),
        ("net.body.2.chain.0", "rleu"),
        ("net.body.2.chain.1.round", "sideways"),
        ("net.body.2.chain.1.name", "inner"),
        ("net.body.2.chain", []),
        ("net.body.3.output.init.type", "gausian"),
        ("net.body.3.output.init.std", -1),
        ("net.body.3.output.rate", -1),
        ("net.body.0.shape", 8),
        ("net.body.0.class", 10),
        ("net.body.0", {"input": "x"}),
        ("net.body.0", {"inptu": "x", "shape": [4]}),
        ("net.body.0", {"repeat": 3}),
        ("net.name", "two words"),
        ("net.name", "train"),
        ("netc", 2),
        ("layers", []),
        ("train.batch", 0),
        ("train.batch", "32"),
        ("train.optimizer.momentum", 1.5),
        ("train.optimizer.speed", 1),
        ("train.optimizer", "sdg"),
        ("train.data", {"type": "csv", "file": "points.csv"}),
        ("train.lr", 0.1),
    ],
)
def test_a_mistake_is_marked_here_and_by_check(path: str, value: object) -> None:
    wrong = with_change(path, value)
    if path == "net.body.2.chain.0":
        wrong["net"]["body"][2]["chain"].insert(0, "relu")
    assert not VALIDATOR.is_valid(wrong)
    assert check_text(json.dumps(wrong), "a.json").errors


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("net.body.1.filters", "=2 * 2"),
        ("net.body.1.kernel", [3, 3]),
        ("net.body.1.pad", "same"),
        ("net.body.1.init", 0.5),
        ("net.body.1.init", "msra"),
        ("net.body.1", {"type": "conv", "arguments": [4], "kernel": 3}),
        ("net.body.1", {"repeat": 2, "body": ["relu", {"when": "train", "body": ["relu"]}]}),
        ("net.body.1", {"if": "=1 > 2", "then": [], "else": [["relu", "tanh"]]}),
        ("net.body.1", {"type": "add", "branches": ["identity", ["relu", "tanh"]]}),
        ("net.body.1", {"layer": "t", "type": "conv", "filters": 1, "kernel": 1}),
        ("train.data", "digits"),
        ("train.data", {"type": "csv", "file": {"text": "points.csv"}}),
        ("train.data", {"type": "csv", "arguments": [{"text": "points.csv"}]}),
        ("blocks", [{"name": "unit", "parameters": ["a"], "body": ["relu"]}]),
        ("let", {"width": 64}),
    ],
)
def test_every_way_to_say_it_is_taken(path: str, value: object) -> None:
    changed = with_change(path, value)
    is_taken(changed)
    made = write(_read(changed), ".json")
    assert isinstance(made, str)
    is_taken(json.loads(made))


def test_blocks_and_shared_layers_are_steps() -> None:
    spec = with_change("blocks", [{"name": "unit", "parameters": ["a"], "body": ["relu"]}])
    spec["net"]["body"].insert(1, ["x", {"block": "unit", "a": 3}, {"block": "tower"}])
    is_taken(spec)


def test_no_option_is_called_like_a_key_of_a_step() -> None:
    keys = set(json_forms.STEP.by_name)
    for name, kind in REGISTRY.items():
        assert not keys & set(options_of(kind)), name


def test_the_examples_of_the_page_are_valid_and_right() -> None:
    examples = [json.loads(found) for found in re.findall(r"```json\n(.*?)```", PAGE, re.S)]
    specs = [each for each in examples if "json.schemas" not in each]
    assert len(specs) == 2
    for each in specs:
        is_taken(each)
        assert check_text(json.dumps(each), "page.json").graph is not None


def test_every_statement_of_the_page_is_valid_and_read() -> None:
    rows = re.findall(r"^\| (`\{\".*?`(?:, `\{\".*?`)*) \| `(.*)` \|$", PAGE, re.M)
    written = [json.loads(_filled(part)) for row, _ in rows for part in re.findall(r"`(.*?)`", row)]
    assert len(written) >= len(json_forms.STATEMENTS)
    for statement in written:
        changed = with_change("net.body.1", statement)
        is_taken(changed)
        assert isinstance(_read(changed), Spec)


def _filled(row: str) -> str:
    return row.replace("CHAIN", '["relu"]').replace("[...]", '["relu"]')


def _read(data: object) -> Any:
    return parse(Source("a.json", json.dumps(data)), ".json")
