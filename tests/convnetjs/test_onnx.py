"""Compiled to ONNX, a net gives in onnxruntime what ConvNetJS gives for the same inputs."""

import numpy as np
import onnxruntime
import pytest

from netc.diag import Source
from netc.export import Compiled, compile_onnx
from tests.convnetjs.agree import agree
from tests.convnetjs.corpus import NAMES, case
from tests.convnetjs.twin import Twin


@pytest.mark.parametrize("name", NAMES)
def test_onnxruntime_gives_the_outputs_of_convnetjs(name, tmp_path):
    known = case(name)
    twin = Twin(known, dtype="f32")
    path = str(tmp_path / "net.onnx")
    made = compile_onnx(twin.graph, Source("net.js", ""), twin.store.arrays, path)
    assert isinstance(made, Compiled)
    assert made.verified
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    (image,) = session.get_inputs()
    examples = twin.examples(range(len(known.inputs))).astype(np.float32)
    (answers,) = session.run(None, {image.name: examples})
    agree(answers, known.data["forward_test"], "f32")
