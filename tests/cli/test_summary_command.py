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


RESNET = DIGITS.replace("digits.net", "resnet.net")


def test_blocks_take_their_layers_together(run: Run) -> None:
    lines = run("summary", RESNET, "--blocks").stdout.splitlines()
    stage = next(line for line in lines if line.startswith("stage_0"))
    assert stage.split()[1:6] == ["34", "layers", "[256,", "56,", "56]"]
    assert "483x483" in next(line for line in lines if line.startswith("stage_3"))
    assert "25,557,032" in next(line for line in lines if line.startswith("total"))


def test_a_depth_looks_into_blocks(run: Run) -> None:
    lines = run("summary", RESNET, "--depth", "2").stdout.splitlines()
    names = [line.split()[0] for line in lines if line.startswith("stage_0")]
    assert names == ["stage_0.i_0", "stage_0.i_1", "stage_0.i_2"]


def test_blocks_in_json_add_up_to_the_layers(run: Run) -> None:
    document = json.loads(run("summary", RESNET, "--blocks", "--json").stdout)
    for key in ("params", "macs"):
        assert sum(block[key] for block in document["blocks"]) == document[key]
    assert sum(block["layers"] for block in document["blocks"]) == len(document["layers"])
    assert sum(block["bytes"] for block in document["blocks"]) == document["activation_bytes"]


def test_two_depths_are_refused(run: Run) -> None:
    result = run("summary", RESNET, "--blocks", "--depth", "2", code=2)
    assert "give one of them" in result.stderr
