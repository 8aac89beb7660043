"""The table of ConvNetJS's words names what there is in netc, with the defaults that it has."""

import pytest

from netc.formats import convnetjs
from netc.formats.convnetjs.steps import LRN_DEFAULTS
from netc.layers import REGISTRY
from netc.options import options_of
from netc.training import OPTIMIZERS


def test_every_layer_and_loss_of_convnetjs_has_a_counterpart() -> None:
    assert {"input", *convnetjs.LAYERS, *convnetjs.LOSSES} == set(convnetjs.TYPES)


@pytest.mark.parametrize("kind", convnetjs.LAYERS)
def test_the_options_of_a_layer_are_those_of_its_counterpart(kind: str) -> None:
    counterpart = convnetjs.LAYERS[kind]
    known = options_of(REGISTRY[counterpart.word])
    assert set(counterpart.options.values()) <= set(known)
    assert set(counterpart.options) <= set(convnetjs.TYPES[kind])


@pytest.mark.parametrize("kind", convnetjs.LOSSES)
def test_a_loss_says_how_many_numbers_it_compares(kind: str) -> None:
    loss = convnetjs.LOSSES[kind]
    assert loss.word in REGISTRY
    assert set(convnetjs.TYPES[kind]) == {loss.count}


@pytest.mark.parametrize("method", convnetjs.METHODS)
def test_what_is_left_out_of_an_optimizer_is_its_default(method: str) -> None:
    rule = convnetjs.RULES[method]
    known = options_of(OPTIMIZERS[rule.word])
    assert set(rule.options) == set(convnetjs.METHODS[method])
    assert set(rule.fixed) <= set(known)
    for named in rule.options.values():
        assert named.default in (None, known[named.word].default)


def test_what_is_left_out_of_lrn_is_its_default() -> None:
    known = options_of(REGISTRY["lrn"])
    assert {name: known[name].default for name in LRN_DEFAULTS} == LRN_DEFAULTS
