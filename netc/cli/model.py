"""Something that answers: an ONNX file in onnxruntime, or a spec with weights in netc itself."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from netc.cli.checked import Proven
from netc.cli.problems import ModelFailed
from netc.cli.screen import stop
from netc.cli.weights import class_names, network_of
from netc.export import CannotRun, Device, Session, open_session
from netc.ir import Unfit, class_scores
from netc.sizes import is_open
from netc.training import Network, inputs_for_answers, predict
from netc.types import Array

_BATCH = 256

Side = int | None


@dataclass(frozen=True)
class Model:
    """`inputs` are shapes of one example, a free side being None. `answer` takes and gives arrays
    with the batch in front, any number of examples at once. `labels` are the inputs that take class
    numbers, with their counts, as far as they are known; `scores` are the outputs that score
    classes, None where nobody knows."""

    path: str
    inputs: Mapping[str, tuple[Side, ...]]
    outputs: tuple[str, ...]
    classes: tuple[str, ...]
    answer: Callable[[Mapping[str, Array]], dict[str, Array]]
    labels: Mapping[str, int] = field(default_factory=dict)
    scores: frozenset[str] | None = None

    def may_score(self, output: str) -> bool:
        """Whether an output may score classes, as far as one knows."""
        return self.scores is None or output in self.scores


def onnx_model(path: str, device: Device) -> Model:
    """Open an ONNX file; the run ends where that cannot be done."""
    session = open_session(path, device=device)
    if not isinstance(session, Session):
        stop(session)
    inputs = {name: socket.shape[1:] for name, socket in session.inputs.items()}
    names = _names(session.metadata, "netc.classes")
    scores = frozenset(_names(session.metadata, "netc.scores"))
    return Model(
        path,
        inputs,
        tuple(session.outputs),
        names,
        _OnnxAnswers(path, session),
        scores=scores if "netc.scores" in session.metadata else None,
    )


def spec_model(path: str, net: Proven, weights: str | None) -> Model:
    """A spec with the weights of a file."""
    return network_model(path, network_of(net, weights), class_names(net))


def network_model(path: str, network: Network, classes: tuple[str, ...] = ()) -> Model:
    """A network that has its weights already."""
    graph = network.graph_for("infer")
    inputs: dict[str, tuple[Side, ...]] = {
        name: tuple(None if is_open(side) else side for side in graph.types[name].shape)
        for name in inputs_for_answers(network)
    }

    labels = {name: count for name in inputs if (count := graph.types[name].classes)}

    def answer(arrays: Mapping[str, Array]) -> dict[str, Array]:
        try:
            return predict(network, arrays)
        except Unfit as unfit:
            stop([ModelFailed(None, path=path, reason=unfit.reason)])

    scores = class_scores(network.graph)
    return Model(path, inputs, graph.outputs, classes, answer, labels, scores)


class _OnnxAnswers:
    """Runs a session in batches of the size it wants."""

    def __init__(self, path: str, session: Session) -> None:
        self._path, self._session = path, session
        sizes = {s.shape[0] for s in session.inputs.values() if s.shape and s.shape[0]}
        self._fixed = max((size for size in sizes if size), default=0)

    def __call__(self, arrays: Mapping[str, Array]) -> dict[str, Array]:
        count = len(next(iter(arrays.values())))
        size = self._fixed or _BATCH
        parts = [self._part(arrays, at, min(at + size, count)) for at in range(0, count, size)]
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    def _part(self, arrays: Mapping[str, Array], start: int, stop_at: int) -> dict[str, Array]:
        """Some examples; a batch of fixed size is filled up with the last of them."""
        lack = max(self._fixed - (stop_at - start), 0)
        given = {}
        for name, array in arrays.items():
            rows = array[start:stop_at]
            rows = np.concatenate([rows, *([rows[-1:]] * lack)]) if lack else rows
            kind = self._session.inputs[name].dtype or rows.dtype
            given[name] = np.ascontiguousarray(rows, kind)
        try:
            found = self._session.run(given)
        except CannotRun as error:
            stop([ModelFailed(None, path=self._path, reason=str(error))])
        return {name: np.asarray(rows)[: stop_at - start] for name, rows in found.items()}


def _names(metadata: Mapping[str, str], key: str) -> tuple[str, ...]:
    """Names that netc put into the file."""
    try:
        names = json.loads(metadata.get(key, "[]"))
    except ValueError:
        return ()
    return tuple(map(str, names)) if isinstance(names, list) else ()


def is_onnx(path: str) -> bool:
    """Whether a path is that of an ONNX file, by its ending."""
    return Path(path).suffix.lower() == ".onnx"
