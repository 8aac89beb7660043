"""Whole networks written twice, in netc's language and as PyTorch modules, learn the same numbers.

Both start from the same weights and see the same batches, in float64.
"""

from dataclasses import dataclass

import numpy as np
import onnxruntime
import pytest

from netc import training
from netc.diag import Source
from netc.export import Compiled, compile_onnx
from netc.formats import read_source
from netc.ir import build
from netc.training import Ended, Learner, Network, Stepped, check_settings
from netc.training.data import Dataset, Examples, Field
from netc.training.feed import Feed
from netc.training.loop import Loop
from tests.twins import MODELS, Residual

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
F = torch.nn.functional
CLASSES = 5
torch.set_num_threads(1)

OPTIMIZERS = {
    "sgd(rate: 0.05, momentum: 0.9, decay: 0.01)": (torch.optim.SGD, {"momentum": 0.9}),
    "sgd(rate: 0.05, momentum: 0.8, nesterov: true, decay: 0.01)": (
        torch.optim.SGD,
        {"momentum": 0.8, "nesterov": True},
    ),
    "adam(rate: 0.003, decay: 0.01)": (torch.optim.Adam, {"eps": 1e-8}),
    "rmsprop(rate: 0.001, decay: 0.01)": (torch.optim.RMSprop, {"alpha": 0.9, "eps": 1e-8}),
    "adagrad(rate: 0.01, decay: 0.01)": (torch.optim.Adagrad, {"eps": 1e-8}),
}
RULES = (
    "loss softmax_loss(scores, label, smoothing: 0.1, ignore: 2)\n metric accuracy(scores, label)"
)


@dataclass
class Pair:
    """A network and its twin, with the same weights."""

    model: type
    section: str = "optimizer sgd(0.1)"
    dtype: str = "f64"

    def __post_init__(self):
        answer = "output prob = softmax(scores)"
        body = f"input label class({CLASSES})\n {self.model.text}\n {RULES}\n {answer}"
        self.source = Source("twin.net", f"net twin {{{body}\n}}\ntrain {{\n{self.section}\n}}\n")
        spec = read_source(self.source)
        graph = build(spec).graph
        self.settings = check_settings(spec, graph).settings
        self.network = Network(graph, seed=3, threads=2, dtype=self.dtype)
        self.learner = Learner(self.network, self.settings.optimizer, seed=3)
        self.twin = self.model().double()
        for name, array in self.network.store.arrays.items():
            self.of_twin(name).data.copy_(torch.tensor(array))

    def of_twin(self, name):
        """The twin's own array for one of the network's weights or states."""
        layer, leaf = name.split(".")
        known = {"scale": "weight", "shift": "bias", "mean": "running_mean", "var": "running_var"}
        return getattr(getattr(self.twin, layer), known.get(leaf, leaf))

    def loss_of_twin(self, image, label):
        scores, *sides = self.twin(torch.tensor(image))
        label = torch.tensor(label)
        counted = torch.where(label == 2, -100, label)
        loss = F.cross_entropy(scores, counted, label_smoothing=0.1)
        return sum((0.3 * F.cross_entropy(side, label) for side in sides), loss)

    def optimizer_of_twin(self, kind, options):
        """One that decays what netc decays: neither biases nor what batch_norm learns."""
        named = dict(self.twin.named_parameters())
        decayed = [p for p in named.values() if p.ndim > 1]
        rest = [p for p in named.values() if p.ndim == 1]
        groups = [{"params": decayed, "weight_decay": 0.01}, {"params": rest}]
        return kind(groups, lr=self.settings.optimizer.rate, **options)

    def learn(self, image, label):
        engine = self.network.hold("train", len(label))
        engine.inputs["image"][...], engine.inputs["label"][...] = image, label
        return self.learner.learn(engine, self.settings.optimizer.rate).loss

    def assert_same_weights(self, rtol):
        for name, array in self.network.store.arrays.items():
            wanted = self.of_twin(name).detach().numpy()
            scale = np.abs(wanted).max()
            np.testing.assert_allclose(array, wanted, rtol, rtol * scale, err_msg=name)


def batches(model, count):
    """Batches of several sizes."""
    rng = np.random.default_rng(1)
    shape = [int(side) for side in model.text.split("[")[1].split("]")[0].split(",")]
    for index in range(count):
        size = (8, 5, 8)[index % 3]
        yield rng.normal(size=(size, *shape)), rng.integers(0, CLASSES, size)


def train_both(pair, steps, kind, options):
    optimizer = pair.optimizer_of_twin(kind, options)
    for image, label in batches(pair.model, steps):
        optimizer.zero_grad()
        loss = pair.loss_of_twin(image, label)
        loss.backward()
        optimizer.step()
        assert pair.learn(image, label) == pytest.approx(loss.item(), rel=1e-9)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("text", OPTIMIZERS)
def test_a_net_learns_what_its_twin_learns(model, text):
    pair = Pair(model, f"optimizer {text}")
    train_both(pair, 20, *OPTIMIZERS[text])
    pair.assert_same_weights(1e-9)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("size", [1, 777])
def test_arrays_cut_in_small_pieces_learn_the_same(model, size, monkeypatch):
    for name in (
        "netc.kernels.convolution._BLOCK",
        "netc.kernels.convolution._SLAB",
        "netc.kernels.convolution._LEAST",
        "netc.kernels.layout._CHUNK",
        "netc.kernels.product._WORTH_SHARING",
        "netc.engines.share._SMALLEST",
        "netc.training.updater._BLOCK",
    ):
        monkeypatch.setattr(name, size)
    text = "sgd(rate: 0.05, momentum: 0.9, decay: 0.01)"
    pair = Pair(model, f"optimizer {text}")
    train_both(pair, 6, *OPTIMIZERS[text])
    pair.assert_same_weights(1e-9)


def test_a_whole_training_is_that_of_the_twin():
    section = "batch 8\n epochs 4\n optimizer sgd(0.3)\n schedule step(2, factor: 0.5)"
    pair = Pair(Residual, section)
    drawn = [*batches(Residual, 12)]
    first, second = examples(drawn[:4]), examples(drawn[4:])
    loop = Loop(pair.learner, Dataset("two", first, second), pair.settings, clock=lambda: 0.0)
    feed, tests, event = Feed(first, batch=8, seed=pair.settings.seed), 0, None
    for event in loop.events():
        if isinstance(event, Stepped):
            size = feed.size(event.step - 1)
            batch = {"image": np.empty((size, 3, 9, 9)), "label": np.empty(size, np.int64)}
            feed.fill(event.step - 1, batch)
            loss = pair.loss_of_twin(**batch)
            pair.twin.zero_grad()
            loss.backward()
            assert event.loss == pytest.approx(loss.item(), rel=1e-9)
            assert event.rate == pytest.approx(0.3 if event.epoch <= 2 else 0.15)
            with torch.no_grad():
                for weight in pair.twin.parameters():
                    weight -= event.rate * weight.grad
        if isinstance(event, training.Tested):
            tests += 1
            assert_same_test(pair, second, event)
    assert isinstance(event, Ended)
    assert (tests, event.step, feed.size(3)) == (4, 16, 5)
    pair.assert_same_weights(1e-9)


def examples(drawn):
    """All batches in one."""
    images, labels = zip(*drawn, strict=True)
    return Examples({"image": Field(np.vstack(images)), "label": Field(np.hstack(labels), CLASSES)})


def assert_same_test(pair, examples, event):
    image, label = (examples.fields[name].data for name in ("image", "label"))
    pair.twin.eval()
    with torch.no_grad():
        scores = pair.twin(torch.tensor(image))[0].numpy()
        assert event.loss == pytest.approx(pair.loss_of_twin(image, label).item(), rel=1e-9)
    pair.twin.train()
    right = (scores.argmax(1) == label).mean()
    assert event.metrics["accuracy"] == pytest.approx(right)


@pytest.mark.parametrize("model", MODELS)
def test_the_compiled_net_answers_as_the_trained_twin(model, tmp_path):
    text = "sgd(rate: 0.05, momentum: 0.9, decay: 0.01)"
    pair = Pair(model, f"optimizer {text}", dtype="f32")
    optimizer = pair.optimizer_of_twin(*OPTIMIZERS[text])
    for image, label in batches(model, 20):
        pair.learn(image, label)
        optimizer.zero_grad()
        pair.loss_of_twin(image, label).backward()
        optimizer.step()
    path, weights = str(tmp_path / "twin.onnx"), pair.network.store.arrays
    made = compile_onnx(pair.network.graph, pair.source, weights, path)
    assert isinstance(made, Compiled)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    pair.twin.eval()
    for image, _ in batches(model, 2):
        (answer,) = session.run(None, {"image": image.astype(np.float32)})
        wanted = torch.softmax(pair.twin(torch.tensor(image))[0], 1).detach().numpy()
        np.testing.assert_allclose(answer, wanted, rtol=1e-3, atol=1e-5)
