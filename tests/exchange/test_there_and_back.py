"""What is written for ConvNetJS is read back as the same net, with the same weights."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netc.diag import Source
from netc.exchange import Saved, Script, is_read_as, write_saved, write_script
from netc.formats import is_same, parse, read_source
from netc.ir import build
from netc.spec import Spec
from netc.training import OPTIMIZERS, Network, check_settings, load_saved, predict
from tests.convnetjs.corpus import text as read_text
from tests.formats.test_convnetjs_random import LISTS, TRAINERS
from tests.random_nets import random_net

PAGES = (
    *("mnist", "cifar10", "classify2d", "regression", "autoencoder", "image_regression"),
    *("trainers", "rldemo", "readme_2layer", "readme_conv", "jasmine_spec", "speedtest"),
)


def written(whole: Spec) -> tuple[Script, Source]:
    graph = build(whole).graph
    assert graph is not None
    made = write_script(graph, check_settings(whole, graph).settings)
    assert isinstance(made, Script), made
    return made, Source("again.js", made.text)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_comes_back_as_the_same_spec(page: str) -> None:
    whole = read_source(Source("again.js", read_text(f"{page}.layer_defs.js")), ".js")
    assert isinstance(whole, Spec)
    again = read_source(written(whole)[1], ".js")
    assert isinstance(again, Spec)
    assert is_same(whole, again)


@settings(max_examples=300)
@given(LISTS, TRAINERS)
def test_a_list_comes_back_as_the_same_net(layers: object, trainer: object) -> None:
    whole = parse(Source("a.json", json.dumps({"layer_defs": layers, "trainer": trainer})), ".json")
    if not isinstance(whole, Spec) or whole.origin is None:
        return
    for each in (whole, whole.origin.original):
        assert isinstance(each, Spec)
        graph = build(each).graph
        assert graph is not None
        known = check_settings(each, graph).settings
        made = write_script(graph, known)
        assert isinstance(made, Script), [p.diagnostic().text for p in made]
        assert is_read_as(made.text, graph, known), made.text


@settings(max_examples=40)
@given(LISTS, st.booleans())
def test_a_saved_net_comes_back_with_its_weights(layers: object, is_original: bool) -> None:
    whole = parse(Source("a.json", json.dumps({"layer_defs": layers})), ".json")
    if not isinstance(whole, Spec) or whole.origin is None:
        return
    if is_original:
        assert whole.origin.original is not None
        whole = whole.origin.original
    graph = build(whole).graph
    assert graph is not None
    network = Network(graph, seed=3, dtype="f64", engine="numpy")
    made = write_saved(graph, network.store.arrays, None)
    assert isinstance(made, Saved)
    source = Source("saved.json", "".join(made.parts))
    saved = parse(source, ".json")
    assert isinstance(saved, Spec), [p.diagnostic().text for p in saved]  # type: ignore[union-attr]
    assert saved.origin is not None
    assert saved.origin.original is not None
    again = build(saved.origin.original).graph
    assert again is not None
    other = Network(again, seed=None, dtype="f64", engine="numpy")
    if graph.weights:
        assert load_saved(source, other.store, net="saved") == []
    name = graph.inputs[0]
    inputs = np.random.default_rng(1).normal(size=graph.types[name].full_shape(2))
    (wanted,) = predict(network, {name: inputs}).values()
    (found,) = predict(other, {again.inputs[0]: inputs.reshape(found_shape(again))}).values()
    np.testing.assert_allclose(found, wanted.reshape(found.shape), rtol=1e-12, atol=1e-12)


def found_shape(graph):
    return graph.types[graph.inputs[0]].full_shape(2)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_has_its_trainer(name: str) -> None:
    text = "net a { input x [2]; input target [1]; y = dense(1); loss euclidean_loss(y, target) }"
    whole = read_source(Source("a.net", f"{text}\ntrain {{ optimizer {name} }}"))
    assert isinstance(whole, Spec)
    assert "trainer = new convnetjs.SGDTrainer(net, {" in written(whole)[0].text


@pytest.mark.parametrize("seed", range(60))
def test_any_net_is_written_or_a_problem(seed: int) -> None:
    whole = read_source(Source("a.net", random_net(seed)))
    assert isinstance(whole, Spec)
    graph = build(whole).graph
    assert graph is not None
    made = write_script(graph, None)
    if isinstance(made, Script):
        assert is_read_as(made.text, graph, None)
    else:
        assert {problem.slug for problem in made} == {"not-in-convnetjs"}
