"""Whole networks written twice, in netc's language and as PyTorch modules, learn the same numbers.

Both start from the same weights and see the same batches, in float64. The modules are written
here, from the papers: nothing of a layer's own PyTorch rule is used.
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

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
nn, F = torch.nn, torch.nn.functional
CLASSES = 5
torch.set_num_threads(1)


class Lrn(nn.Module):
    """Krizhevsky et al. 2012, section 3.3, with alpha over the size as Caffe has it."""

    def forward(self, x):
        squares, channels = x * x, x.shape[1]
        windows = [squares[:, max(0, c - 2) : c + 3].sum(1) for c in range(channels)]
        return x / (2 + 0.5 / 5 * torch.stack(windows, 1)) ** 0.75


class Alex(nn.Module):
    text = """
    input image [3, 19, 19]
    conv(8, kernel: 5, stride: 2) -> relu -> lrn(alpha: 0.5, k: 2) -> max_pool(3, stride: 2)
    conv(12, kernel: 3, pad: 1, groups: 2) -> relu -> max_pool(2)
    dense(16) -> tanh
    scores = dense(5)"""

    def __init__(self):
        super().__init__()
        self.conv_1, self.conv_2 = nn.Conv2d(3, 8, 5, 2), nn.Conv2d(8, 12, 3, 1, 1, groups=2)
        self.dense_1, self.scores, self.lrn = nn.Linear(48, 16), nn.Linear(16, 5), Lrn()

    def forward(self, x):
        x = F.max_pool2d(self.lrn(F.relu(self.conv_1(x))), 3, 2, ceil_mode=True)
        x = F.max_pool2d(F.relu(self.conv_2(x)), 2, ceil_mode=True)
        return (self.scores(torch.tanh(self.dense_1(x.flatten(1)))),)


class Inception(nn.Module):
    text = """
    input image [3, 9, 9]
    stem = conv(6, kernel: 3, pad: 1) -> relu -> max_pool(3, stride: 2, pad: 1)
    a = stem -> conv(4, kernel: 1) -> relu
    b = stem -> conv(3, kernel: 1) -> relu -> conv(5, kernel: 3, pad: 1) -> elu
    c = stem -> conv(3, kernel: [1, 5], pad: [0, 2]) -> leaky_relu(0.2)
    d = stem -> max_pool(3, stride: 1, pad: 1) -> conv(4, kernel: 1) -> sigmoid
    joined = concat(a, b, c, d)
    side = joined -> avg_pool(3, stride: 2, pad: 1, count_pad: false) -> dense(5)
    joined -> avg_pool(3, stride: 2, pad: 1)
    scores = dense(5)
    loss softmax_loss(side, label, weight: 0.3)"""

    def __init__(self):
        super().__init__()
        self.stem, self.a, self.b = nn.Conv2d(3, 6, 3, 1, 1), nn.Conv2d(6, 4, 1), nn.Conv2d(6, 3, 1)
        self.conv_1, self.c = nn.Conv2d(3, 5, 3, 1, 1), nn.Conv2d(6, 3, (1, 5), 1, (0, 2))
        self.d, self.side, self.scores = nn.Conv2d(6, 4, 1), nn.Linear(144, 5), nn.Linear(144, 5)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.stem(x)), 3, 2, 1, ceil_mode=True)
        a, b = F.relu(self.a(x)), F.elu(self.conv_1(F.relu(self.b(x))))
        c, d = F.leaky_relu(self.c(x), 0.2), torch.sigmoid(self.d(F.max_pool2d(x, 3, 1, 1)))
        x = torch.cat([a, b, c, d], 1)
        side = F.avg_pool2d(x, 3, 2, 1, ceil_mode=True, count_include_pad=False)
        main = F.avg_pool2d(x, 3, 2, 1, ceil_mode=True)
        return self.scores(main.flatten(1)), self.side(side.flatten(1))


class Residual(nn.Module):
    text = """
    input image [3, 9, 9]
    x = conv(6, kernel: 3, pad: 1, bias: false) -> batch_norm -> relu
    a = x -> conv(8, kernel: 3, stride: 2, pad: 1, bias: false) -> batch_norm(momentum: 0.8) -> relu
    b = a -> conv(8, kernel: 3, pad: 1, groups: 8, bias: false) -> batch_norm(epsilon: 0.001)
    c = x -> conv(8, kernel: 1, stride: 2, bias: false) -> batch_norm
    add(b, c) -> relu -> global_avg_pool
    scores = dense(5)"""

    def __init__(self):
        super().__init__()
        self.x = nn.Conv2d(3, 6, 3, 1, 1, bias=False)
        self.a = nn.Conv2d(6, 8, 3, 2, 1, bias=False)
        self.b = nn.Conv2d(8, 8, 3, 1, 1, groups=8, bias=False)
        self.c, self.scores = nn.Conv2d(6, 8, 1, 2, bias=False), nn.Linear(8, 5)
        self.batch_norm_1, self.batch_norm_2 = nn.BatchNorm2d(6), nn.BatchNorm2d(8, momentum=0.2)
        self.batch_norm_3, self.batch_norm_4 = nn.BatchNorm2d(8, eps=1e-3), nn.BatchNorm2d(8)

    def forward(self, x):
        x = F.relu(self.batch_norm_1(self.x(x)))
        b = self.batch_norm_3(self.b(F.relu(self.batch_norm_2(self.a(x)))))
        return (self.scores(F.relu(b + self.batch_norm_4(self.c(x))).mean((2, 3))),)


class Sequence(nn.Module):
    text = """
    input image [4, 30]
    conv(6, kernel: 5, pad: same) -> relu -> max_pool(3, stride: 2)
    conv(8, kernel: 3, stride: 2, pad: 1, dilation: 2, groups: 2, bias: false) -> batch_norm
    avg_pool(3, stride: 2) -> softmax
    scores = dense(5)"""

    def __init__(self):
        super().__init__()
        self.conv_1 = nn.Conv1d(4, 6, 5, 1, 2)
        self.conv_2 = nn.Conv1d(6, 8, 3, 2, 1, 2, groups=2, bias=False)
        self.batch_norm_1, self.scores = nn.BatchNorm1d(8), nn.Linear(24, 5)

    def forward(self, x):
        x = F.max_pool1d(F.relu(self.conv_1(x)), 3, 2, ceil_mode=True)
        x = F.avg_pool1d(self.batch_norm_1(self.conv_2(x)), 3, 2, ceil_mode=True)
        return (self.scores(torch.softmax(x, 1).flatten(1)),)


class Volume(nn.Module):
    text = """
    input image [2, 6, 7, 5]
    conv(4, kernel: [2, 3, 3], pad: [0, 1, 1], stride: [1, 2, 1]) -> relu -> max_pool(2)
    deconv(3, kernel: 3, stride: 2, pad: 1, output_pad: [1, 0, 1]) -> tanh
    conv(6, kernel: 3, groups: 3, bias: false) -> batch_norm -> relu
    scores = dense(5)"""

    def __init__(self):
        super().__init__()
        self.conv_1 = nn.Conv3d(2, 4, (2, 3, 3), (1, 2, 1), (0, 1, 1))
        self.deconv_1 = nn.ConvTranspose3d(4, 3, 3, 2, 1, (1, 0, 1))
        self.conv_2 = nn.Conv3d(3, 6, 3, groups=3, bias=False)
        self.batch_norm_1, self.scores = nn.BatchNorm3d(6), nn.Linear(96, 5)

    def forward(self, x):
        x = F.max_pool3d(F.relu(self.conv_1(x)), 2, ceil_mode=True)
        x = self.conv_2(torch.tanh(self.deconv_1(x)))
        return (self.scores(F.relu(self.batch_norm_1(x)).flatten(1)),)


class Table(nn.Module):
    text = """
    input image [3, 8, 8]
    a = conv(4, kernel: 3, connect: [[0, 1], [1, 2], [2, 0], [0, 1, 2]]) -> tanh
    b = deconv(4, kernel: 4, stride: 2, pad: 1, groups: 4, bias: false) -> relu -> avg_pool(3)
    dense(7, transposed: true) -> tanh
    scores = dense(5)"""
    connect = ((0, 1), (1, 2), (2, 0), (0, 1, 2))

    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(1, 9, 3)
        self.a.bias = nn.Parameter(torch.zeros(4))
        self.b = nn.ConvTranspose2d(4, 4, 4, 2, 1, groups=4, bias=False)
        self.dense_1, self.scores = nn.Linear(7, 64), nn.Linear(7, 5)
        self.dense_1.bias = nn.Parameter(torch.zeros(7))

    def forward(self, x):
        kernels, maps = iter(self.a.weight), []
        for seen in self.connect:
            each = [F.conv2d(x[:, c : c + 1], next(kernels)[None]) for c in seen]
            maps.append(sum(each) + self.a.bias[len(maps)])
        x = F.avg_pool2d(F.relu(self.b(torch.tanh(torch.cat(maps, 1)))), 3, ceil_mode=True)
        x = torch.tanh(x.flatten(1) @ self.dense_1.weight + self.dense_1.bias)
        return (self.scores(x),)


MODELS = (Alex, Inception, Residual, Sequence, Volume, Table)
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
        "netc.training.optimizers._BLOCK",
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
