"""Recurrent layers beside PyTorch's own modules, and what they refuse."""

import numpy as np
import pytest

from netc.layers import INITIALIZERS, REGISTRY
from netc.layers.learning import Learning
from netc.sizes import Size
from netc.types import Reject, Tensor
from tests.rules import Bench, scattered_array

SEQUENCE = Tensor((3, 7), "f64")
KINDS = ("rnn", "lstm", "gru")


def layer(name, **options):
    return REGISTRY[name](**{"units": 4, **options})


def twin_of(torch, bench):
    """PyTorch's module with the weights of a layer."""
    name, options = bench.kind.name, bench.layer
    extra = {"nonlinearity": options.activation} if name == "rnn" else {}
    twin = getattr(torch.nn, name.upper())(3, options.units, batch_first=True, **extra).double()
    hidden_bias = np.zeros(bench.arrays["bias"].shape)
    if name == "gru":
        hidden_bias[2 * options.units :] = bench.arrays["hidden_bias"]
    given = {
        "weight_ih_l0": bench.arrays["input_weight"],
        "weight_hh_l0": bench.arrays["hidden_weight"],
        "bias_ih_l0": bench.arrays["bias"],
        "bias_hh_l0": hidden_bias,
    }
    twin.load_state_dict({name: torch.tensor(array) for name, array in given.items()})
    return twin


@pytest.mark.parametrize("reverse", [False, True], ids=["forward", "reverse"])
@pytest.mark.parametrize("last", [False, True], ids=["all", "last"])
@pytest.mark.parametrize(
    ("name", "options"),
    [("rnn", {}), ("rnn", {"activation": "relu"}), ("lstm", {}), ("gru", {"reset": "after"})],
)
def test_numbers_and_gradients_are_those_of_pytorchs_modules(name, options, last, reverse):
    torch = pytest.importorskip("torch")
    made = layer(name, **options, last=last, reverse=reverse)
    bench = Bench(made, SEQUENCE, batch=5, seed=3, new=scattered_array)
    twin = twin_of(torch, bench)
    x = torch.tensor(np.array(bench.arrays["x"], order="C"), requires_grad=True)
    steps = x.flip(2) if reverse else x
    found = twin(steps.transpose(1, 2))[0].transpose(1, 2)
    wanted = found[:, :, -1] if last else found.flip(2) if reverse else found
    np.testing.assert_allclose(bench.forward(), wanted.detach(), rtol=1e-12, atol=1e-13)
    wanted.backward(torch.tensor(np.array(bench.arrays["dy"], order="C")))
    gradients = bench.backward()
    assert_close(gradients["x"], x.grad)
    assert_close(gradients["input_weight"], twin.weight_ih_l0.grad)
    assert_close(gradients["hidden_weight"], twin.weight_hh_l0.grad)
    assert_close(gradients["bias"], twin.bias_ih_l0.grad)
    if name == "gru":
        assert_close(gradients["hidden_bias"], twin.bias_hh_l0.grad[8:])


def assert_close(found, wanted):
    np.testing.assert_allclose(found, wanted, rtol=1e-10, atol=1e-11)


def test_gru_with_reset_before_is_equation_5_to_8_of_its_paper():
    bench = Bench(layer("gru"), SEQUENCE, batch=2, seed=1)
    y, arrays = bench.forward(), bench.arrays
    h = np.zeros((2, 4))
    for step in range(7):
        r, z, n = np.split(
            arrays["x"][:, :, step] @ arrays["input_weight"].T + arrays["bias"], 3, 1
        )
        u_r, u_z, u_n = np.split(arrays["hidden_weight"], 3)
        r, z = 1 / (1 + np.exp(-r - h @ u_r.T)), 1 / (1 + np.exp(-z - h @ u_z.T))
        h = z * h + (1 - z) * np.tanh(n + (r * h) @ u_n.T)
        np.testing.assert_allclose(y[:, :, step], h)


@pytest.mark.parametrize("name", KINDS)
def test_saturated_gates_overflow_nowhere(name):
    bench = Bench(layer(name), SEQUENCE)
    bench.put({"x": bench.arrays["x"] * 1e6})
    with np.errstate(all="raise", under="ignore"):
        assert np.isfinite(bench.forward()).all()
        assert all(np.isfinite(gradient).all() for gradient in bench.backward().values())


@pytest.mark.parametrize("name", KINDS)
def test_what_is_remembered_reaches_back_through_all_steps(name):
    bench = Bench(layer(name, last=True), Tensor((3, 30), "f64"))
    bench.forward()
    assert np.abs(bench.backward()["x"][:, :, 0]).max() > 0


@pytest.mark.parametrize("name", KINDS)
def test_params_and_multiply_adds(name):
    gates = {"rnn": 1, "lstm": 4, "gru": 3}[name]
    made = layer(name)
    weights = made.weights(SEQUENCE)
    count = sum(int(np.prod(weight.shape)) for weight in weights.values())
    assert count == gates * (4 * 3 + 4 * 4 + 4)
    assert made.macs(SEQUENCE) == 7 * gates * (4 * 3 + 4 * 4)


def test_the_biases_of_forget_gates_start_as_wanted():
    made = layer("lstm", forget_bias=2.5)
    bias = made.weights(SEQUENCE)["bias"]
    rng = np.random.default_rng(0)
    start = bias.init.fill(bias.shape, bias.fan_in, bias.fan_out, rng)
    assert start.tolist() == [0] * 4 + [2.5] * 4 + [0] * 8


def test_hidden_biases_start_as_biases_do():
    init, bias_init = (INITIALIZERS[name]() for name in ("msra", "gaussian"))
    weights = layer("gru", reset="after").weights(SEQUENCE)
    applied = Learning(init=init, bias_init=bias_init).apply(weights)
    assert {n for n, w in applied.items() if w.init == bias_init} == {"bias", "hidden_bias"}
    assert {n for n, w in applied.items() if w.init == init} == {"input_weight", "hidden_weight"}


@pytest.mark.parametrize("name", KINDS)
def test_only_sequences_of_known_features_are_read(name):
    made = layer(name)
    for shape in ((3,), (3, 4, 5)):
        with pytest.raises(Reject, match=r"is not a sequence \[features, time\]") as caught:
            made.infer(Tensor(shape))
        assert caught.value.culprit == "x"
    with pytest.raises(Reject, match="the number of features, f, is not known"):
        made.infer(Tensor((Size.symbol("f"), 5)))
    assert str(made.infer(Tensor((3, Size.symbol("t"))))) == "[4, t]"
    assert layer(name, last=True).infer(Tensor((3, Size.symbol("t")))).shape == (4,)
