"""Nets of open size learn from images of the size that the data have, and answer for any."""

import numpy as np
import pytest

import netc
from netc.ir import open_sizes
from netc.training import Network, start
from netc.training.prepare import Wish
from tests.training.small import NET, TRAIN, graph_of, ready, resumed, spec_of

OPEN = NET.replace("[1, 8, 8]", "[1, h, w]").replace("-> dropout(0.1)", "-> global_avg_pool")
KNOWN = OPEN.replace("[1, h, w]", "[1, 8, 8]")


@pytest.fixture
def net(tmp_path):
    path = tmp_path / "open.net"
    path.write_text(OPEN + TRAIN)
    return netc.load(path)


def losses(run):
    return [getattr(event, "loss", None) for event in run.events()]


def test_the_data_close_the_sizes(tmp_path):
    run = ready(tmp_path / "open", OPEN + TRAIN)
    assert open_sizes(run.loop.learner.network.graph) == {}
    assert losses(run) == losses(ready(tmp_path / "known", KNOWN + TRAIN))


def test_a_run_goes_on_with_the_sizes_of_its_data(tmp_path):
    list(ready(tmp_path / "run", OPEN + TRAIN, epochs=1).events())
    end = list(resumed(tmp_path / "run", epochs=2).events())[-1]
    assert np.isfinite(end.loss)


def test_data_that_are_too_small_are_told_of_at_the_layer(tmp_path):
    text = OPEN.replace("conv(8, kernel: 3)", "conv(8, kernel: 9)")
    (problem,) = start(spec_of(text + TRAIN), Wish(out=tmp_path / "run"))
    assert problem.slug == "bad-shape"
    assert problem.reason == "a 9x9 kernel does not fit in an 8x8 image"


def test_data_of_another_kind_are_told_of(tmp_path):
    text = OPEN.replace("[1, h, w]", "[3, h, w]")
    (problem,) = start(spec_of(text + TRAIN), Wish(out=tmp_path / "run"))
    assert problem.slug == "data-mismatch"


def test_one_network_answers_for_every_size(net):
    trainer = net.trainer(seed=3)
    rng = np.random.default_rng(1)
    for high, wide in [(8, 8), (9, 31), (4, 5), (8, 8)]:
        images = rng.random((5, 1, high, wide))
        answers = trainer.predict(images)
        known = netc.Net(spec_of(OPEN.replace("h, w", f"{high}, {wide}") + TRAIN)).trainer(seed=3)
        np.testing.assert_array_equal(answers, known.predict(images))


def test_a_trainer_learns_from_batches_of_any_size(net):
    trainer = net.trainer(seed=3)
    before = trainer.weights["conv_1.weight"].copy()
    rng = np.random.default_rng(1)
    for high, wide in [(8, 8), (12, 5), (20, 21), (8, 8)]:
        measured = trainer.step(rng.random((4, 1, high, wide)), rng.integers(0, 10, 4))
        assert np.isfinite(measured.loss)
    assert trainer.steps == 4
    assert not np.array_equal(before, trainer.weights["conv_1.weight"])


def test_images_that_are_too_small_are_refused_in_words(net):
    with pytest.raises(
        ValueError, match="`conv_1` does not fit where `h` is 2 and `w` is 9: a 3x3"
    ):
        net.trainer().predict(np.zeros((1, 1, 2, 9)))
    with pytest.raises(ValueError, match=r"must be of shape \(count, 1, h, w\)"):
        net.trainer().predict(np.zeros((1, 9)))


def test_networks_of_other_sizes_share_the_weights():
    network = Network(graph_of(OPEN), seed=1)
    small, large = (network.taking({"image": (1, n, n)}) for n in (4, 9))
    assert small.store is large.store is network.store
    assert network.taking({"image": (1, 4, 4)}) is small
    assert network.taking({}) is network
