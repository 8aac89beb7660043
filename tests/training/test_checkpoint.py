"""Files of weights are whole, the same for the same weights, and never trusted."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file

from netc.engines import Store
from netc.files import write_file
from netc.training.checkpoint import load_weights, transfer_weights, write_arrays
from tests.training.small import graph_of


def store(seed=1):
    return Store.fresh(graph_of(), seed=seed)


def saved(path, seed=2):
    made = store(seed)
    write_arrays(path, made.arrays, {"net": "small"})
    return made


def text_of(problems):
    return "\n".join(
        "\n".join((d.message, *d.notes, *d.helps)) for d in (p.diagnostic() for p in problems)
    )


def test_weights_come_back_as_they_were(tmp_path):
    path = tmp_path / "w.safetensors"
    wanted, got = saved(path, seed=2), store(seed=1)
    assert load_weights(path, got, net="small") == []
    assert np.array_equal(wanted.flat_weights, got.flat_weights)


def test_the_library_reads_what_is_written(tmp_path):
    path = tmp_path / "w.safetensors"
    wanted = saved(path).arrays
    read = load_file(path)
    assert read.keys() == wanted.keys()
    assert all(np.array_equal(read[name], wanted[name]) for name in wanted)
    assert "batch_norm_1.mean" in read


def test_what_the_library_writes_is_read(tmp_path):
    path = tmp_path / "w.safetensors"
    arrays = {n: a.astype(np.float64) + 1 for n, a in store().arrays.items()}
    save_file(arrays, path)
    got = store()
    assert load_weights(path, got, net="small") == []
    np.testing.assert_allclose(got.weights["scores.bias"], arrays["scores.bias"])


def test_the_same_weights_give_the_same_bytes(tmp_path):
    first, second = tmp_path / "1", tmp_path / "2"
    saved(first)
    saved(second)
    assert first.read_bytes() == second.read_bytes()


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "w"
    write_file(path, b"old")

    def fail(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="space"):
        write_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["w"]


@pytest.mark.parametrize("name", ["nowhere", ".", "a\0b"])
def test_a_file_that_is_not_there_is_a_problem(tmp_path, name):
    (problem,) = load_weights(tmp_path / name, store(), net="small")
    assert (problem.slug, problem.missing) == ("unreadable-weights", True)


def test_a_folder_with_a_run_names_the_file_in_it(tmp_path):
    saved(tmp_path / "best.safetensors")
    (problem,) = load_weights(tmp_path, store(), net="small")
    assert "best.safetensors" in problem.diagnostic().helps[0]


def test_a_mismatch_lists_what_differs(tmp_path):
    path = tmp_path / "w.safetensors"
    arrays = store().arrays
    arrays["scores.bias"] = np.zeros(9, np.float32)
    arrays["score.weight"] = arrays.pop("scores.weight")
    write_arrays(path, arrays, {})
    got = store()
    before = got.flat_weights.copy()
    (problem,) = load_weights(path, got, net="small")
    assert problem.slug == "weights-mismatch"
    told = text_of([problem])
    assert "`scores.weight` is missing; is it `score.weight`?" in told
    assert "`scores.bias` is [9] in the file and [10] in the net" in told
    assert "`score.weight` is not in the net" in told
    assert np.array_equal(got.flat_weights, before)


def test_numbers_that_are_no_floats_are_refused(tmp_path):
    path = tmp_path / "w.safetensors"
    arrays = {n: a.astype(np.int64) for n, a in store().arrays.items()}
    save_file(arrays, path)
    (problem,) = load_weights(path, store(), net="small")
    assert "I64" in text_of([problem])


def test_transfer_takes_what_has_the_same_name(tmp_path):
    path = tmp_path / "w.safetensors"
    other = {"scores.bias": np.full(10, 7, np.float32), "else": np.zeros(3, np.float32)}
    write_arrays(path, other, {})
    got = store()
    before = got.weights["scores.weight"].copy()
    assert transfer_weights(path, got, net="small") == ["scores.bias"]
    assert (got.weights["scores.bias"] == 7).all()
    assert np.array_equal(got.weights["scores.weight"], before)


def test_transfer_of_nothing_is_a_problem(tmp_path):
    path = tmp_path / "w.safetensors"
    write_arrays(path, {"else": np.zeros(3, np.float32)}, {})
    (problem,) = transfer_weights(path, store(), net="small")
    assert "else" in text_of([problem])


def test_a_header_that_asks_for_everything_takes_no_memory(tmp_path):
    path = tmp_path / "w.safetensors"
    header = {"a": {"dtype": "F32", "shape": [2**40], "data_offsets": [0, 2**42]}}
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text)
    (problem,) = load_weights(path, store(), net="small")
    assert problem.slug == "unreadable-weights"
    path.write_bytes((2**62).to_bytes(8, "little"))
    (problem,) = load_weights(path, store(), net="small")
    assert problem.slug == "unreadable-weights"


DAMAGE = st.one_of(
    st.binary(max_size=300),
    st.tuples(st.integers(0, 2000), st.binary(min_size=1, max_size=20)),
    st.integers(0, 4000),
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damage=DAMAGE)
def test_any_damaged_file_is_read_or_a_problem(tmp_path, damage):
    path = tmp_path / "w.safetensors"
    saved(path)
    whole = path.read_bytes()
    if isinstance(damage, bytes):
        path.write_bytes(damage)
    elif isinstance(damage, int):
        path.write_bytes(whole[:damage])
    else:
        at, change = damage
        path.write_bytes(whole[:at] + change + whole[at + len(change) :])
    for problem in load_weights(path, store(), net="small"):
        assert problem.slug in ("unreadable-weights", "weights-mismatch")
        assert text_of([problem])


@pytest.mark.skipif(sys.platform == "win32", reason="file sizes have no limit to reach")
def test_a_full_disk_is_told_of_with_the_file(tmp_path):
    path = tmp_path / "a.safetensors"
    write_file(path, b"old")
    code = (
        "import resource, sys, pathlib; from netc.files import write_file\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try: write_file(pathlib.Path(sys.argv[1]), bytes(5000))\n"
        "except OSError as error: print(error.filename)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
    )
    assert ran.stdout == f"{path}\n"
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == [path.name]


def test_weights_of_a_run_point_to_its_spec(tmp_path):
    (tmp_path / "spec.net").write_text("net a {}")
    saved(tmp_path / "best.safetensors")
    write_arrays(tmp_path / "state.safetensors", {"other": np.ones(3, np.float32)}, {})
    write_arrays(tmp_path / "other.safetensors", {"other": np.ones(3, np.float32)}, {})
    advice = {
        name: load_weights(tmp_path / f"{name}.safetensors", store(), net="small")[0].way_out
        for name in ("state", "other")
    }
    assert advice == {
        "state": f"a run keeps its weights in files; name `{tmp_path / 'best.safetensors'}`",
        "other": f"the spec they were trained with is `{tmp_path / 'spec.net'}`",
    }


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (problem,) = load_weights(tmp_path / "pipe", store(), net="small")
    assert problem.reason == "it is no ordinary file"
