"""A model opened by onnxruntime with nothing left to chance: provider, threads, no chatter."""

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from netc.diag import Problem
from netc.engines import usable_threads
from netc.export.problems import MissingProvider, UnreadableModel
from netc.types import Array

Device = Literal["cpu", "cuda", "auto"]

_PROVIDERS = {"cpu": "CPUExecutionProvider", "cuda": "CUDAExecutionProvider"}
_INSTALL_CUDA = (
    "`pip uninstall -y onnxruntime onnxruntime-gpu && pip install onnxruntime-gpu`, "
    "or leave the device to `auto`"
)
_FATAL = 4
_ELEMENTS: dict[str, type[np.generic]] = {
    "tensor(float)": np.float32,
    "tensor(double)": np.float64,
    "tensor(float16)": np.float16,
    "tensor(int64)": np.int64,
    "tensor(int32)": np.int32,
    "tensor(uint8)": np.uint8,
}


@dataclass(frozen=True)
class Socket:
    """An input or output of a model. `shape` has the batch in it; a free side is None."""

    shape: tuple[int | None, ...]
    dtype: type[np.generic] | None
    """None where the elements are of a kind that netc never writes."""


class CannotRun(Exception):
    """onnxruntime opened a model, but could not run it on these inputs."""


@dataclass(frozen=True, eq=False)
class Session:
    """An open model."""

    inputs: Mapping[str, Socket]
    outputs: Mapping[str, Socket]
    metadata: Mapping[str, str]
    provider: str
    _session: Any

    def run(self, inputs: Mapping[str, Array]) -> dict[str, Array]:
        """The outputs by name for one batch, or `CannotRun` with the reason."""
        try:
            found = self._session.run(None, dict(inputs))
        except Exception as error:  # its exceptions have no base of their own
            raise CannotRun(reason_of(error)) from error
        return dict(zip(self.outputs, found, strict=True))


def open_session(
    model: str | Path | bytes,
    *,
    device: Device = "cpu",
    threads: int | None = None,
    optimize: bool = True,
) -> Session | list[Problem]:
    """Open a model from a file or from bytes. `threads` is by default all that may be used here."""
    import onnxruntime

    provider = _provider(device, onnxruntime.get_available_providers())
    if not isinstance(provider, str):
        return provider
    if not isinstance(model, bytes) and not Path(model).is_file():
        reason = "it is no file" if Path(model).exists() else "there is no such file"
        return [UnreadableModel(None, path=str(model), reason=reason)]
    if provider == _PROVIDERS["cuda"]:
        onnxruntime.preload_dlls()
    try:
        session = _opened(onnxruntime, model, provider, threads, optimize=optimize)
    except Exception as error:  # its exceptions have no base of their own
        name = "<memory>" if isinstance(model, bytes) else str(model)
        return [UnreadableModel(None, path=name, reason=reason_of(error))]
    if session.provider != provider:
        return [_not_on(device, "its libraries for the device do not load", [_PROVIDERS["cpu"]])]
    return session


_NOISE = (
    r"\[ONNXRuntimeError\] : \d+ : \w+ : ",
    r"^Load model from .*? failed: ?",
    r"^Failed to load model with error: ",
    r"^Exception during initialization: ",
    r"^/\S+:\d+ .*?\)(?: \[with [^\]]*\])?:? ?",
    r"^\w+\.(?:cc|h):\d+ \S+ ",
)
"""What stands around a reason: codes, the path, which is told already, and places in C++."""


def reason_of(error: Exception) -> str:
    """What onnxruntime says, in netc's voice as far as that can be."""
    text = str(error).strip()
    damaged = "INVALID_PROTOBUF" in text or "No graph was found" in text
    if damaged or isinstance(error, UnicodeDecodeError):
        return "it is no ONNX model, or is damaged"
    for pattern in _NOISE:
        text = re.sub(pattern, "", text)
    text = " ".join(text.split()).removesuffix(".")
    is_word = text[1:2].islower()
    return text[:1].lower() + text[1:] if is_word else text


def _provider(device: Device, available: list[str]) -> str | list[Problem]:
    if device == "auto":
        return next(p for p in (_PROVIDERS["cuda"], _PROVIDERS["cpu"]) if p in available)
    if _PROVIDERS[device] in available:
        return _PROVIDERS[device]
    return [_not_on(device, f"the installed package is built without {device}", available)]


def _not_on(device: str, reason: str, available: list[str]) -> MissingProvider:
    found = ", ".join(name.removesuffix("ExecutionProvider") for name in available)
    return MissingProvider(None, device=device, reason=reason, found=found, way_out=_INSTALL_CUDA)


def _opened(
    onnxruntime: Any,
    model: str | Path | bytes,
    provider: str,
    threads: int | None,
    *,
    optimize: bool,
) -> Session:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        session = onnxruntime.InferenceSession(
            model if isinstance(model, bytes) else str(model),
            _options(onnxruntime, threads, optimize=optimize),
            providers=list(dict.fromkeys((provider, _PROVIDERS["cpu"]))),
            enable_fallback=0,
        )
    return Session(
        {i.name: _socket(i) for i in session.get_inputs()},
        {o.name: _socket(o) for o in session.get_outputs()},
        session.get_modelmeta().custom_metadata_map,
        session.get_providers()[0],
        session,
    )


def _options(onnxruntime: Any, threads: int | None, *, optimize: bool) -> Any:
    options = onnxruntime.SessionOptions()
    # Given in words, the count also keeps onnxruntime from binding threads to processors, which
    # fails where a container shows more of them than it grants.
    options.intra_op_num_threads = threads or usable_threads()
    options.inter_op_num_threads = 1
    options.log_severity_level = _FATAL
    levels = onnxruntime.GraphOptimizationLevel
    options.graph_optimization_level = levels.ORT_ENABLE_ALL if optimize else levels.ORT_DISABLE_ALL
    return options


def _socket(value: Any) -> Socket:
    shape = tuple(side if isinstance(side, int) else None for side in value.shape)
    return Socket(shape, _ELEMENTS.get(value.type))
