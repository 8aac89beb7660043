"""Models opened by onnxruntime, and what is said when one cannot be."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netc.engines import usable_threads
from netc.export import CannotRun, Session, open_session
from netc.export.problems import MissingProvider, UnreadableModel
from tests.export.cases import SMALL, net_of, shown

MODEL = net_of(SMALL).model().SerializeToString()


def opened(model: str | Path | bytes = MODEL, **options: object) -> Session:
    session = open_session(model, **options)
    assert isinstance(session, Session), shown(session)
    return session


def test_an_open_model_says_what_flows_in_and_out():
    session = opened()
    assert session.inputs["image"].shape == (None, 2, 6, 5)
    assert session.inputs["image"].dtype is np.float32
    assert session.outputs["prob"].shape == (None, 3)
    assert session.provider == "CPUExecutionProvider"


@pytest.mark.parametrize("threads", [None, 1, 2])
@pytest.mark.parametrize("optimize", [True, False])
def test_threads_and_optimizations_change_no_answer(threads, optimize):
    fed = {"image": np.ones((2, 2, 6, 5), np.float32)}
    got = opened(threads=threads, optimize=optimize).run(fed)["prob"]
    np.testing.assert_allclose(got, opened(threads=1).run(fed)["prob"], rtol=1e-5)
    assert usable_threads() >= 1


def test_a_device_may_be_left_open():
    assert opened(device="auto").provider in onnxruntime.get_available_providers()


@pytest.mark.skipif(
    "CUDAExecutionProvider" in onnxruntime.get_available_providers(), reason="cuda is here"
)
def test_a_missing_device_is_told_with_what_there_is():
    (problem,) = open_session(MODEL, device="cuda")
    assert isinstance(problem, MissingProvider)
    told = shown([problem])
    assert "onnxruntime cannot run on `cuda` here: the installed package is built without" in told
    assert "CPU" in told
    assert "pip install onnxruntime-gpu" in told


def test_inputs_that_do_not_fit_are_refused_in_words():
    with pytest.raises(CannotRun, match="invalid dimensions"):
        opened().run({"image": np.ones((1, 2, 6, 7), np.float32)})
    with pytest.raises(CannotRun):
        opened().run({})


def test_a_path_without_a_file_is_told(tmp_path):
    assert shown(open_session(tmp_path / "no.onnx")).startswith(
        f"error[unreadable-model]: cannot open the model `{tmp_path}/no.onnx`: there is no such"
    )
    assert "it is no file" in shown(open_session(tmp_path))


@pytest.mark.parametrize("data", [b"", b"PNG\r\n\x1a\n", MODEL[:40], b"\x00" * 64])
def test_a_damaged_model_is_told_without_a_word_on_the_screen(data, tmp_path, capfd):
    (tmp_path / "bad.onnx").write_bytes(data)
    for model in (data, tmp_path / "bad.onnx", str(tmp_path / "bad.onnx")):
        (problem,) = open_session(model)
        assert isinstance(problem, UnreadableModel)
        assert "no ONNX model, or is damaged" in problem.reason
    assert capfd.readouterr() == ("", "")


@settings(max_examples=40)
@given(st.integers(0, len(MODEL) - 1), st.integers(0, 255), st.booleans())
def test_any_damage_opens_or_is_told(at, byte, cut):
    data = MODEL[:at] if cut else MODEL[:at] + bytes([byte]) + MODEL[at + 1 :]
    found = open_session(data, threads=1)
    assert isinstance(found, Session) or found[0].slug == "unreadable-model"
