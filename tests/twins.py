"""Whole networks, each as a text of netc and as a module of PyTorch.

The modules are written from the papers: nothing of a layer's own PyTorch rule is used.
"""

import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
nn, F = torch.nn, torch.nn.functional


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
