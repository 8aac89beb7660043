"""The texts of ConvNetJS's own pages are read as they stand, and train as they do there."""

import numpy as np
import pytest

import netc
from netc.diag import Level, Source
from netc.formats import is_same, read_source, write
from netc.spec import Spec
from tests.convnetjs.agree import agree
from tests.convnetjs.corpus import case, read, text
from tests.convnetjs.twin import Twin, page, spec_of

PAGES = (
    *("autoencoder", "cifar10", "classify2d", "image_regression", "jasmine_spec", "mnist"),
    *("readme_2layer", "readme_conv", "regression", "rldemo", "speedtest", "trainers"),
)
WITHOUT_LOSS = {"speedtest"}
WITH_OWN_TRAINER = (
    "autoencoder",
    "cifar10",
    "classify2d",
    "image_regression",
    "mnist",
    "regression",
)
WITH_PARTS = (*WITH_OWN_TRAINER, "rldemo", "trainers")


def of_page(name):
    return text(f"{name}.layer_defs.js")


@pytest.fixture
def loaded(tmp_path):
    def made(name, **options):
        path = tmp_path / f"{name}.js"
        path.write_text(of_page(name))
        return netc.load(path, **options)

    return made


@pytest.mark.parametrize("compat", [{}, {"compat": "convnetjs"}])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_read_and_trains(name, compat, loaded):
    net = loaded(name, **compat)
    assert [p for p in net.problems if p.level is Level.ERROR] == []
    if name in WITHOUT_LOSS:
        return
    rng = np.random.default_rng(0)
    given = {}
    for input in net.graph.inputs:
        type = net.graph.types[input]
        shape = type.full_shape(2)
        given[input] = rng.integers(0, type.classes, shape) if type.classes else rng.random(shape)
    trainer = net.trainer(seed=1)
    losses = [trainer.step(**given).loss for _ in range(30)]
    assert losses[-1] < losses[0]


@pytest.mark.parametrize("compat", [False, True])
@pytest.mark.parametrize("name", WITH_PARTS)
def test_a_page_says_what_was_made_of_it_when_it_ran(name, compat):
    parts = read("demos_as_json.json")[name]
    one = spec_of(of_page(name), name, compat=compat)
    other = spec_of(page(parts["layer_defs"], parts["trainer"]), name, compat=compat)
    assert is_same(one.net, other.net)
    if name in WITH_OWN_TRAINER:
        assert is_same(one.train, other.train)


def twin_of_page(name, form):
    """The net of a page with its own trainer, read as it stands or written in netc's language."""
    spec = spec_of(of_page(name), name, compat=True)
    if form == "net":
        written = write(spec, ".net")
        assert isinstance(written, str)
        again = read_source(Source(f"{name}.net", written))
        assert isinstance(again, Spec)
        spec = again
    return Twin(case(name), spec=spec)


@pytest.mark.parametrize("form", ["js", "net"])
@pytest.mark.parametrize("name", ["mnist", "regression", "rldemo"])
def test_five_updates_by_the_trainer_of_a_page_leave_its_weights(name, form):
    twin = twin_of_page(name, form)
    run = twin.case.run("demo")
    assert twin.settings.batch == run.options["batch_size"]
    for calls in run.batches:
        twin.learn(calls)
    for weight, numbers in twin.named(run.weights):
        agree(twin.store.weights[weight], numbers, "f64", weight)
