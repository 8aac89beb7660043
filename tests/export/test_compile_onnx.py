"""A file is written when it is proved, and otherwise nothing is touched."""

import json
import os
import stat
import subprocess
import sys
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

import numpy as np
import onnx
import pytest

from netc.engines import Store
from netc.export import LOWEST, TARGETS, USUAL, Compiled, compile_onnx, open_session
from tests.export.cases import LENET, SMALL, WrongCurve, inputs_of, net_of, shown

NO_OUTPUT = """net blind {
    input x [4]
    input label class(3)
    points = dense(3)
    loss softmax_loss(points, label)
}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "net.onnx"


def metadata_of(file: Path) -> dict[str, str]:
    return {p.key: p.value for p in onnx.load(file).metadata_props}


# ---- what is written


def test_a_proved_file_is_written(file):
    net = net_of(LENET)
    done = net.compile(file)
    assert done.file == str(file)
    assert (done.opset, done.ir_version, done.verified) == (18, 8, True)
    assert done.bytes == file.stat().st_size
    assert done.max_abs_error is not None
    assert done.max_abs_error < 1e-5
    onnx.checker.check_model(str(file), full_check=True)
    session = open_session(file)
    assert not isinstance(session, list)
    for batch in (1, 7):
        fed = inputs_of(net, batch)
        np.testing.assert_allclose(session.run(fed)["prob"], net.run(fed, batch)["prob"], atol=1e-5)


def test_what_was_done_can_be_told_in_json(file):
    done = asdict(net_of(SMALL).compile(file))
    keys = {"file", "opset", "ir_version", "verified", "max_abs_error", "bytes"}
    assert keys <= json.loads(json.dumps(done)).keys()


def test_without_verifying_nothing_is_compared(file):
    net = net_of(SMALL).with_layer("tanh_1", WrongCurve())
    done = net.compile(file, verify=False)
    assert (done.verified, done.max_abs_error, done.max_rel_error) == (False, None, None)


def test_the_file_says_where_it_comes_from(file):
    net = net_of(SMALL)
    net.compile(file, classes=["zero", "één"])
    found = metadata_of(file)
    assert found["netc.spec_sha256"] == sha256(SMALL.encode()).hexdigest()
    assert found["netc.opset"] == "18"
    assert json.loads(found["netc.classes"]) == ["zero", "één"]
    assert "netc.version" in found
    session = open_session(file)
    assert not isinstance(session, list)
    assert session.metadata == found


def test_the_same_net_gives_the_same_bytes(tmp_path):
    for name in ("a.onnx", "b.onnx"):
        net_of(LENET).compile(tmp_path / name)
    assert (tmp_path / "a.onnx").read_bytes() == (tmp_path / "b.onnx").read_bytes()


def test_without_weights_a_net_starts_as_training_would(file):
    net = net_of(SMALL)
    done = compile_onnx(net.graph, net.source, None, file, seed=9)
    assert isinstance(done, Compiled)
    fresh = Store.fresh(net.graph, seed=9).weights
    for tensor in onnx.load(file).graph.initializer:
        np.testing.assert_array_equal(onnx.numpy_helper.to_array(tensor), fresh[tensor.name])


def test_weights_of_training_may_hold_more_than_is_needed(file):
    net = net_of(SMALL)
    doubles = {name: array.astype(np.float64) for name, array in net.weights.items()}
    done = compile_onnx(net.graph, net.source, {**doubles, "old.weight": np.zeros(3)}, file)
    assert isinstance(done, Compiled)
    assert "old.weight" not in {t.name for t in onnx.load(file).graph.initializer}


def test_an_old_file_is_replaced_and_nothing_else_is_left(file):
    file.write_text("old")
    net_of(SMALL).compile(file)
    assert file.stat().st_size > 100
    assert os.listdir(file.parent) == [file.name]


def test_a_link_is_followed(file, tmp_path):
    target = tmp_path / "deep" / "real.onnx"
    target.parent.mkdir()
    file.symlink_to(target)
    net_of(SMALL).compile(file)
    assert file.is_symlink()
    assert target.stat().st_size > 100


def test_others_may_read_the_file_as_the_umask_says(file):
    old = os.umask(0o022)
    try:
        net_of(SMALL).compile(file)
    finally:
        os.umask(old)
    assert stat.S_IMODE(file.stat().st_mode) == 0o644


def test_large_weights_go_to_a_file_beside(file):
    net = net_of(LENET)
    for _ in range(2):
        done = net.compile(file, one_file=1000)
        data = file.with_name("net.onnx.data")
        assert sorted(os.listdir(file.parent)) == ["net.onnx", "net.onnx.data"]
        assert done.verified
        assert stat.S_IMODE(data.stat().st_mode) == stat.S_IMODE(file.stat().st_mode)
        assert done.bytes == file.stat().st_size + data.stat().st_size
        assert file.stat().st_size < 10_000 < data.stat().st_size < 1_800_000
    session = open_session(file)
    assert not isinstance(session, list)
    fed = inputs_of(net, 2)
    np.testing.assert_allclose(session.run(fed)["prob"], net.run(fed, 2)["prob"], atol=1e-5)


def test_wrong_large_models_leave_nothing(file):
    net = net_of(LENET).with_layer("relu_1", WrongCurve())
    (problem,) = net.refused(file, one_file=1000)
    assert problem.slug == "onnx-differs"
    assert os.listdir(file.parent) == []


def test_an_old_model_is_kept_where_its_weights_have_no_place(file):
    file.write_text("old")
    file.with_name("net.onnx.data").mkdir()
    (problem,) = net_of(SMALL).refused(file, one_file=10)
    assert "net.onnx.data`: it is a folder" in shown([problem])
    assert file.read_text() == "old"


def test_no_name_of_a_file_disturbs_its_proof(tmp_path):
    for name in ("exposed.onnx", "x", "sp ace\u00e9.onnx"):
        net_of(LENET).compile(tmp_path / name, one_file=1000)
    assert len(os.listdir(tmp_path)) == 6


def test_weights_too_small_to_be_apart_stay_in_the_file(file):
    net_of(SMALL).compile(file, one_file=10)
    assert os.listdir(file.parent) == [file.name]


# ---- opsets and targets


@pytest.mark.parametrize("name", TARGETS)
def test_every_target_can_be_written(name, file):
    done = net_of(SMALL).compile(file, target=name)
    assert done.opset == TARGETS[name].opset >= LOWEST


def test_a_given_opset_wins_over_the_target(file):
    assert net_of(SMALL).compile(file, target="tensorrt", opset=17).opset == 17
    assert net_of(SMALL).compile(file).opset == USUAL


@pytest.mark.parametrize("opset", [-1, 0, 12, 27, 99])
def test_opsets_outside_the_range_are_refused_with_it(opset, file):
    (problem,) = net_of(SMALL).refused(file, opset=opset)
    told = shown([problem])
    assert f"error[bad-opset]: opset {opset} cannot be written: netc writes 13 to 26" in told
    assert "help: choose an opset from 13 to" in told


def test_a_misspelt_target_gives_the_nearest(file):
    (problem,) = net_of(SMALL).refused(file, target="tensort")
    assert shown([problem]) == (
        "error[unknown-target]: there is no target `tensort`\n = help: did you mean `tensorrt`?"
    )
    (problem,) = net_of(SMALL).refused(file, target="qqq")
    assert "the targets are `ort`, " in shown([problem])


# ---- what is refused


def test_a_net_without_outputs_is_told_what_to_add(file):
    (problem,) = net_of(NO_OUTPUT).refused(file)
    assert shown([problem]) == (
        """\
error[no-output]: the net `blind` has no output to compile
 --> test.net:4:14
  |
4 |     points = dense(3)
  |              ^^^^^^^^ nothing says that this is an answer
  |
  = help: add `output prob = softmax(points)`"""
    )


def test_an_answer_without_a_name_is_told_in_general(file):
    text = NO_OUTPUT.replace("points = ", "").replace("(points, label)", "(x, label)")
    text = text.replace("x [4]", "x [3]").replace("class(3)", "class(3)")
    (problem,) = net_of(text).refused(file)
    assert "help: add `output prob = softmax(scores)`" in shown([problem])


def test_missing_and_unfit_weights_are_all_told(file):
    net = net_of(LENET)
    given = dict(net.weights)
    given["hiden.weight"] = given.pop("hidden.weight")
    given["conv_1.weight"] = given["conv_1.weight"][:, :, :3]
    given["conv_2.bias"] = np.full(50, np.nan)
    given["scores.bias"] = np.array(["a"] * 10)
    problems = net.refused(file, weights=given)
    assert {p.slug for p in problems} == {"missing-weight", "unfit-weight"}
    told = shown(problems)
    assert "there is no `hidden.weight` among the weights" in told
    assert "help: did you mean `hiden.weight`?" in told
    assert "`conv_1.weight` is [20, 1, 3, 5], and `conv_1` needs [20, 1, 5, 5]" in told
    assert "`conv_2.bias` holds numbers that are infinite or not numbers" in told
    assert "`scores.bias` holds no numbers" in told
    assert not file.exists()


def test_states_are_needed_like_weights(file):
    net = net_of("net a {\n input x [3]\n output y = batch_norm(x)\n}")
    learned = {name: net.weights[name] for name in net.graph.weights}
    problems = net.refused(file, weights=learned)
    assert {p.weight for p in problems} == set(net.graph.states)


def test_a_wrong_model_is_not_written_and_an_old_file_is_kept(file):
    file.write_text("old")
    net = net_of(SMALL).with_layer("tanh_1", WrongCurve())
    (problem,) = net.refused(file)
    assert problem.slug == "onnx-differs"
    assert file.read_text() == "old"
    assert os.listdir(file.parent) == [file.name]


def places(tmp_path: Path) -> dict[str, Path]:
    (tmp_path / "file").write_text("")
    return {
        "it is a folder": tmp_path,
        "there is no folder": tmp_path / "nowhere" / "net.onnx",
        f"there is no folder `{tmp_path}/file`": tmp_path / "file" / "net.onnx",
        "it is no ordinary file": Path("/dev/null"),
        "there is a file that is no `.onnx`": tmp_path / "file",
        "name too long": tmp_path / ("n" * 400),
    }


@pytest.mark.parametrize("index", range(6))
def test_places_where_no_file_can_be_are_refused(index, tmp_path):
    reason, path = list(places(tmp_path).items())[index]
    (problem,) = net_of(SMALL).refused(path)
    assert problem.slug == "unwritable-file"
    assert reason in shown([problem])
    assert os.listdir(tmp_path) == ["file"]


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
)
def test_a_folder_that_may_not_be_written_is_refused(tmp_path):
    tmp_path.chmod(0o555)
    (problem,) = net_of(SMALL).refused(tmp_path / "net.onnx")
    tmp_path.chmod(0o755)
    assert "no file may be made in the folder" in shown([problem])


def test_all_that_can_be_told_at_once_is_told(tmp_path):
    problems = net_of(NO_OUTPUT).refused(tmp_path, opset=9)
    assert [p.slug for p in problems] == ["unwritable-file", "no-output", "bad-opset"]


def test_the_front_of_the_package_is_light():
    code = "import sys, netc.export; print({'onnx', 'onnxruntime'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"
