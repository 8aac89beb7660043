"""Does it work at all: a spec is checked, trained for two steps, asked and compiled."""

from pathlib import Path

import numpy as np
import onnxruntime

import netc

SPEC = """
net tiny {
    input image [1, 8, 8]
    input label class(10)

    conv(4, kernel: 3) -> relu
    max_pool(2)
    scores = dense(10)

    loss   softmax_loss(scores, label)
    metric accuracy(scores, label)
    output prob = softmax(scores)
}

train {
    data      digits()
    batch     16
    steps     2
    optimizer sgd(rate: 0.1)
}
"""


def test_a_spec_is_checked_trained_asked_and_compiled(tmp_path: Path) -> None:
    path = tmp_path / "tiny.net"
    path.write_text(SPEC, encoding="utf-8")

    net = netc.load(path)
    assert net.problems == ()
    assert net.summary().params == 4 * 10 + 4 * 3 * 3 * 10 + 10

    run = netc.train(net, out=tmp_path / "run")
    assert run.end.step == 2
    images = np.random.default_rng(1).random((3, 1, 8, 8), np.float32)
    answers = net.predict(images, weights=run.last)
    assert answers.shape == (3, 10)
    np.testing.assert_allclose(answers.sum(axis=1), 1, rtol=1e-5)

    made = net.compile(tmp_path / "tiny.onnx", weights=run.last)
    assert made.verified
    session = onnxruntime.InferenceSession(made.file, providers=["CPUExecutionProvider"])
    (prob,) = session.run(None, {"image": images})
    np.testing.assert_allclose(prob, answers, atol=1e-5)
