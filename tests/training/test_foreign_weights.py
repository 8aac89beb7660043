"""Weights are taken from NumPy's archives and from networks that ConvNetJS saved, or refused."""

import json
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netc.diag import Source
from netc.engines import Store
from netc.formats import parse, read_source
from netc.ir import build
from netc.spec import Spec
from netc.training.checkpoint import load_weights, transfer_weights

TEXT = """net small {
    input image [2, 3, 3]
    conv(3, kernel: 2) -> relu
    output dense(2)
}
"""


def graph_of(text=TEXT):
    return build(read_source(Source("small.net", text))).graph


def store(text=TEXT, seed=1):
    return Store.fresh(graph_of(text), seed=seed, dtype="f64")


def volume(sx, sy, depth, numbers, *, is_list=False):
    w = list(numbers) if is_list else {str(at): number for at, number in enumerate(numbers)}
    return {"sx": sx, "sy": sy, "depth": depth, "w": w}


def saved(rng=None, *, is_list=False):
    """The net as ConvNetJS saves it, with numbers in its order."""
    rng = rng or np.random.default_rng(4)

    def layer(kind, sizes, **more):
        sx, sy, depth = sizes
        return {"out_depth": depth, "out_sx": sx, "out_sy": sy, "layer_type": kind, **more}

    def volumes(count, *sides):
        drawn = rng.normal(size=(count, int(np.prod(sides)))).tolist()
        return [volume(*sides, row, is_list=is_list) for row in drawn]

    (few,), (fewer,) = volumes(1, 1, 1, 3), volumes(1, 1, 1, 2)
    sides = {"sx": 2, "sy": 2, "stride": 1, "in_depth": 2, "pad": 0}
    return {
        "layers": [
            layer("input", (3, 3, 2)),
            layer("conv", (2, 2, 3), **sides, filters=volumes(3, 2, 2, 2), biases=few),
            layer("relu", (2, 2, 3)),
            layer("fc", (1, 1, 2), num_inputs=12, filters=volumes(2, 1, 1, 12), biases=fewer),
        ]
    }


def listed(numbers):
    return [numbers[str(at)] for at in range(len(numbers))]


@pytest.mark.parametrize("is_list", [False, True])
def test_a_saved_network_fills_the_layers_in_their_order(tmp_path, is_list):
    path, whole, got = tmp_path / "a.json", saved(), store()
    path.write_text(json.dumps(saved(is_list=is_list)))
    assert load_weights(path, got, net="small") == []
    conv, fc = whole["layers"][1], whole["layers"][3]
    for number, each in enumerate(conv["filters"]):
        wanted = np.array(listed(each["w"])).reshape(2, 2, 2)  # rows, columns, channels
        assert np.array_equal(got.weights["conv_1.weight"][number].transpose(1, 2, 0), wanted)
    for number, each in enumerate(fc["filters"]):
        wanted = np.array(listed(each["w"])).reshape(2, 2, 3)
        found = got.weights["dense_1.weight"][number].reshape(3, 2, 2)
        assert np.array_equal(found.transpose(1, 2, 0), wanted)
    assert got.weights["conv_1.bias"].tolist() == listed(conv["biases"]["w"])


def test_the_order_is_that_of_the_layers_and_not_of_their_names():
    lines = "\n".join(f"    layer_{20 - at} = dense({at + 2})" for at in range(12))
    text = f"net a {{\n    input x [4]\n{lines}\n}}\n"
    names = [name for name in store(text).order if name.endswith("weight")]
    assert names == [f"layer_{20 - at}.weight" for at in range(12)]


def test_null_is_zero_as_in_convnetjs(tmp_path):
    path, whole, got = tmp_path / "a.json", saved(), store()
    whole["layers"][1]["filters"][2]["w"]["5"] = None
    path.write_text(json.dumps(whole))
    assert load_weights(path, got, net="small") == []
    assert got.weights["conv_1.weight"][2, 1, 1, 0] == 0


@pytest.mark.parametrize("wrong", [True, "3", [1.5], {"0": 1}])
def test_what_only_looks_like_a_number_is_none(tmp_path, wrong):
    path, whole = tmp_path / "a.json", saved()
    whole["layers"][1]["filters"][2]["w"]["5"] = wrong
    path.write_text(json.dumps(whole))
    (problem,) = load_weights(path, store(), net="small")
    assert problem.slug == "unreadable-weights"
    assert problem.reason == "there is something in a volume that is no number"


@pytest.mark.parametrize("wrong", ["1e999", "9" * 400])
def test_a_number_beyond_all_is_refused(tmp_path, wrong):
    path, whole = tmp_path / "a.json", saved()
    whole["layers"][1]["biases"]["w"]["1"] = "?"
    path.write_text(json.dumps(whole).replace('"?"', wrong))
    (problem,) = load_weights(path, store(), net="small")
    assert problem.reason == "there are numbers in a volume that are not finite"


def test_only_the_numbers_of_an_object_count(tmp_path):
    path, whole, got = tmp_path / "a.json", saved(), store()
    for each in whole["layers"][1]["filters"]:  # as old browsers wrote a typed array
        each["w"] |= {"length": 8, "buffer": {"byteLength": 64}, "byteOffset": 0}
    path.write_text(json.dumps(whole))
    assert load_weights(path, got, net="small") == []
    wanted = store()
    path.write_text(json.dumps(saved()))
    load_weights(path, wanted, net="small")
    assert np.array_equal(got.flat_weights, wanted.flat_weights)


def test_a_file_of_another_net_is_refused_whole(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps(saved()))
    other = TEXT.replace("conv(3", "conv(4")
    got = store(other)
    before = got.flat_weights.copy()
    (problem,) = load_weights(path, got, net="small")
    assert problem.slug == "weights-mismatch"
    assert "`conv_1.weight` is [3, 2, 2, 2] in the file and [4, 2, 2, 2]" in problem.differences
    assert np.array_equal(before, got.flat_weights)
    (problem,) = load_weights(path, store(TEXT.replace("-> relu", "-> conv(1, kernel: 1)")), net="")
    assert "`dense_1.weight` is missing" in problem.differences
    (problem,) = load_weights(path, store("net a { input x [3]; output dense(2) }"), net="a")
    assert "`layer 3 (fc).weight` is not in the net" in problem.differences


def test_layers_without_a_bias_have_none_to_fill(tmp_path):
    path, whole = tmp_path / "a.json", saved()
    text = TEXT.replace("kernel: 2", "kernel: 2, bias: false")
    path.write_text(json.dumps(whole))
    (problem,) = load_weights(path, store(text), net="small")
    assert problem.slug == "weights-mismatch"
    whole["layers"][1]["biases"] = volume(1, 1, 3, [0, 0, 0])
    path.write_text(json.dumps(whole))
    assert load_weights(path, store(text), net="small") == []


def test_a_run_may_begin_with_a_saved_network(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps(saved()))
    names = ["conv_1.weight", "conv_1.bias", "dense_1.weight", "dense_1.bias"]
    assert sorted(transfer_weights(path, store(), net="small")) == sorted(names)


def test_an_archive_of_numpy_is_read_by_name(tmp_path):
    path, wanted, got = tmp_path / "w.npz", store(seed=2), store(seed=3)
    np.savez_compressed(path, **wanted.arrays)
    assert load_weights(path, got, net="small") == []
    assert np.array_equal(wanted.flat_weights, got.flat_weights)
    np.savez(path, **{n: a.astype(np.int64) for n, a in wanted.arrays.items()})
    (problem,) = load_weights(path, got, net="small")
    assert "`conv_1.bias` is of type int64" in problem.differences


def test_nothing_in_an_archive_is_unpickled(tmp_path):
    path = tmp_path / "w.npz"
    np.savez(path, allow_pickle=True, a=np.array([print], object))
    (problem,) = load_weights(path, store(), net="small")
    assert problem.slug == "unreadable-weights"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "hello")
    (problem,) = load_weights(path, store(), net="small")
    assert "it is no NumPy array" in problem.reason


CHANGES = st.lists(
    st.tuples(
        st.integers(0, 10_000),
        st.integers(0, 40),
        st.sampled_from(["", "{", "}", "[", "]", ",", '"', "null", "NaN", "-1", "1e999", "9" * 400])
        | st.text(max_size=5),
    ),
    max_size=4,
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES)
def test_a_damaged_network_is_read_or_a_problem(tmp_path, changes):
    path, text = tmp_path / "a.json", json.dumps(saved())
    for at, length, new in changes:
        at %= len(text) + 1
        text = text[:at] + new + text[at + length :]
    path.write_text(text, encoding="utf-8", errors="replace")
    for problem in load_weights(path, store(), net="small"):
        assert problem.diagnostic().message
    made = parse(Source("a.json", text), ".json")
    assert isinstance(made, Spec | list)
