"""netc from Python."""

import json
import subprocess
import sys

import numpy as np
import pytest

import netc
from netc.training import Ended, Stepped
from tests.convnetjs.corpus import case
from tests.training.small import NET, TRAIN


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "small.net"
    file.write_text(NET + TRAIN)
    return file


@pytest.fixture
def batch():
    rng = np.random.default_rng(2)
    return rng.random((20, 1, 8, 8)), rng.integers(0, 10, 20)


def test_a_net_is_loaded_and_looked_at(path):
    net = netc.load(path)
    assert (net.name, net.problems) == ("small", ())
    assert net.summary().params == sum(a.size for a in net.trainer().weights.values())


def test_data_that_do_not_fit_are_among_the_problems(path):
    path.write_text(path.read_text().replace("[1, 8, 8]", "[1, 9, 9]"))
    (problem,) = netc.load(path).problems
    assert problem.slug == "data-mismatch"


def test_problems_are_values_until_the_net_is_used(path):
    path.write_text(NET.replace("dense(10)", "dens(10)"))
    net = netc.load(str(path))
    assert [p.slug for p in net.problems] == ["unknown-layer"]
    with pytest.raises(netc.SpecError, match="there is no layer type `dens`") as raised:
        net.summary()
    assert raised.value.problems == net.problems


def test_a_file_that_cannot_be_read_is_an_error(tmp_path):
    with pytest.raises(netc.SpecError, match="unreadable-file"):
        netc.load(tmp_path / "nowhere.net")


def test_a_parameter_that_a_net_does_not_have_is_told(path):
    with pytest.raises(netc.SpecError, match="has no parameter `depth`"):
        netc.load(path, depth=50)


def test_parameters_of_a_net_are_set(tmp_path):
    path = tmp_path / "a.net"
    text = "net a(units = 3, wide = false, kinds = [1]) {\n input x [n]\n output dense(units)\n}\n"
    path.write_text(text)
    assert netc.load(path, units=5, n=7).summary().params == 5 * 8
    with pytest.raises(netc.SpecError, match="wrong-argument"):
        netc.load(path, units="5")
    with pytest.raises(TypeError, match="units must be a number"):
        netc.load(path, units=None)


def test_training_predicting_and_compiling(path, tmp_path, batch):
    shown = []
    net = netc.load(path)
    run = netc.train(net, out=tmp_path / "run", steps=5, threads=1, show=shown.append)
    assert isinstance(run.end, Ended)
    assert sum(isinstance(e, Stepped) for e in shown) == 5
    answers = net.predict(batch[0], weights=run.best)
    assert answers.shape == (20, 10)
    np.testing.assert_allclose(answers.sum(1), 1, rtol=1e-5)
    compiled = net.compile(tmp_path / "small.onnx", weights=run.last)
    assert compiled.verified
    again = netc.resume(run.folder)
    assert again.end.step == 5


def test_ctrl_c_in_show_keeps_what_was_done(path, tmp_path):
    def stop(event):
        if isinstance(event, Stepped) and event.step == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        netc.train(path, out=tmp_path / "run", threads=1, show=stop)
    whole = netc.train(path, out=tmp_path / "whole", threads=1)
    assert netc.resume(tmp_path / "run").last.read_bytes() == whole.last.read_bytes()


def test_a_trainer_learns_a_batch(path, tmp_path, batch):
    trainer = netc.load(path).trainer(threads=1)
    trainer.rate = 0.05
    losses = [trainer.step(*batch).loss for _ in range(60)]
    assert losses[-1] < 0.5 * losses[0]
    assert trainer.steps == 60
    for count in (3, 1, 7, 3):
        named = {"label": batch[1][:count], "image": batch[0][:count]}
        assert trainer.step(**named).examples == count
    with pytest.raises(TypeError, match="two arrays for `image`"):
        trainer.step(*batch, image=batch[0])
    trainer.save(tmp_path / "w.safetensors")
    saved = netc.load(path).predict(batch[0], weights=tmp_path / "w.safetensors", threads=1)
    np.testing.assert_array_equal(saved, trainer.predict(batch[0]))


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda x, y: (x[:, :, :7], y), "must be of shape"),
        (lambda x, y: (x, y + 10), "from 0 to 9"),
        (lambda x, y: (x, y[:4]), "same number of examples"),
        (lambda x, y: (x[:0], y[:0]), "at least one"),
        (lambda x, y: (x,), "needs arrays for image, label"),
        (lambda x, y: (x, y, y), "3 arrays for 2 inputs"),
        (lambda x, y: (x, y.astype(float)), "cast"),
    ],
)
def test_wrong_arrays_are_refused_in_words(path, batch, change, error):
    trainer = netc.load(path).trainer(threads=1)
    with pytest.raises((TypeError, ValueError), match=error):
        trainer.step(*change(*batch))


def test_an_unknown_engine_is_an_error(path):
    with pytest.raises(netc.SpecError, match="unknown-engine"):
        netc.load(path).trainer(engine="cpp")


def test_a_net_without_loss_has_no_trainer(path):
    path.write_text("net a {\n input x [4]\n output dense(3)\n}\n")
    with pytest.raises(netc.SpecError, match="no-loss"):
        netc.load(path).trainer()


def test_importing_netc_imports_nothing_else():
    code = "import sys, netc; print([m for m in sys.modules if m in ('numpy', 'lark', 'onnx')])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_a_batch_with_a_loss_that_is_no_number_leaves_the_net_as_it_was(path, batch):
    trainer = netc.load(path).trainer(threads=1)
    images, labels = batch
    trainer.step(images, labels)
    before = trainer.predict(images)
    measured = trainer.step(np.where(images > 0.9, np.nan, images), labels)
    assert not np.isfinite(measured.loss)
    assert trainer.steps == 1
    np.testing.assert_array_equal(trainer.predict(images), before)
    assert np.isfinite(trainer.step(images, labels).loss)


@pytest.mark.parametrize("wrong", [{"epochs": 0}, {"steps": 0}, {"threads": 0}])
def test_a_training_of_no_length_or_no_thread_is_refused(wrong, path, tmp_path):
    with pytest.raises(ValueError, match="must be at least 1, got 0"):
        netc.train(path, out=tmp_path / "run", **wrong)
    assert not (tmp_path / "run").exists()


def test_only_one_can_say_how_long_to_train(path, tmp_path):
    with pytest.raises(ValueError, match="both say how long"):
        netc.train(path, out=tmp_path / "run", epochs=1, steps=1)


def test_a_net_shows_its_name_and_file(path):
    assert repr(netc.load(path)) == f"<netc.Net small of {path}>"


def test_a_network_of_convnetjs_brings_its_weights(tmp_path):
    path = tmp_path / "svm.json"
    known = case("svm")
    path.write_text(json.dumps(known.data["net"]))
    net = netc.load(path)
    inputs = known.inputs.reshape(-1, 2, 5, 5)
    wanted = known.data["forward_test"]
    np.testing.assert_allclose(net.predict(inputs), wanted, rtol=1e-5, atol=1e-6)
    net.compile(tmp_path / "svm.onnx")
    weights = tmp_path / "w.safetensors"
    net.trainer().save(weights)
    np.testing.assert_allclose(net.predict(inputs, weights=weights), wanted, rtol=1e-5, atol=1e-6)


def test_a_net_without_weights_predicts_nothing(path):
    with pytest.raises(TypeError, match="needs weights"):
        netc.load(path).predict(np.zeros((1, 1, 8, 8)))
