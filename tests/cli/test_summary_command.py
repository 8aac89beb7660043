"""The table of `netc summary`, and its document."""

import json

from tests.cli.conftest import DIGITS, Run


def test_the_table_has_a_row_for_each_layer_and_totals(run: Run) -> None:
    lines = run("summary", DIGITS).stdout.splitlines()
    assert lines[0] == "net digits: image [1, 8, 8], label class(10)"
    assert lines[2].split() == ["layer", "type", "output", "params", "MACs", "field", "memory"]
    assert lines[3].split() == [
        "conv_1",
        "conv",
        "[32,",
        "8,",
        "8]",
        "320",
        "18,432",
        "3x3",
        "8.19",
        "kB",
    ]
    total = next(line for line in lines if line.startswith("total"))
    assert "30,634" in total
    assert "905,728" in total
    assert "memory for 32 examples at once" in lines[-1]


def test_columns_of_the_table_are_aligned(run: Run) -> None:
    lines = run("summary", DIGITS).stdout.splitlines()[2:-3]
    assert len({len(line) for line in lines}) == 1


def test_json_is_one_document_by_the_contract(run: Run) -> None:
    result = run("summary", DIGITS, "--json", "--batch", "4")
    document = json.loads(result.stdout)
    assert result.stderr == ""
    assert {"name", "params", "macs", "activation_bytes", "layers"} <= set(document)
    assert (document["name"], document["params"], document["macs"]) == ("digits", 30_634, 905_728)
    assert document["memory"]["batch"] == 4
    first = document["layers"][0]
    assert first == {
        "name": "conv_1",
        "type": "conv",
        "inputs": [[1, 8, 8]],
        "output": [32, 8, 8],
        "params": 320,
        "macs": 18_432,
        "receptive_field": [3, 3],
    }


def test_the_optimizer_counts_for_training(run: Run) -> None:
    def training(*words: str) -> int:
        document = json.loads(run("summary", DIGITS, "--json", *words).stdout)
        return int(document["memory"]["training"])

    plain = training("--set", "optimizer=sgd(0.1)")
    assert training("--set", "optimizer=adam") == plain + 2 * 30_634 * 4
