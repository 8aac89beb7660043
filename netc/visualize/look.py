"""What the layers of a net make of pictures, and what in a picture made a layer active."""

from collections.abc import Mapping, Sequence

import numpy as np

from netc.engines import CpuEngine, Store
from netc.ir import Graph
from netc.passes import differentiate_value, drop_dead, for_inference
from netc.plan import plan
from netc.types import Array
from netc.visualize.methods import Method, with_method

_AT_ONCE = 16


class Look:
    """A net with its weights, all sizes known, run to be looked into and not for its answers."""

    def __init__(self, graph: Graph, store: Store, *, threads: int = 1) -> None:
        self.graph, self.store, self._threads = graph, store, threads

    def values(self, names: Sequence[str], inputs: Mapping[str, Array]) -> dict[str, Array]:
        """What layers give for some examples: arrays of shape (count, ...) by name of the value."""
        graph = self._answering(*names)
        return self._run(graph, inputs, names)

    def project(
        self,
        value: str,
        inputs: Mapping[str, Array],
        gradient: Array,
        source: str,
        method: Method = "deconvnet",
    ) -> Array:
        """Take what is wanted of a value back to an input, example by example.

        `gradient` is of the shape of the value, (count, ...), and says what is wanted: one number
        where a channel was most active, and zeros. The result has the shape of the input.
        """
        graph = with_method(self._answering(value), method)
        graph = drop_dead(differentiate_value(graph, value, source))
        (end,) = graph.outputs
        seed = graph.inputs[-1]
        return self._run(graph, {**inputs, seed: gradient}, [end])[end]

    def _answering(self, *values: str) -> Graph:
        return for_inference(self.graph.replace(outputs=tuple(values), phases={}))

    def _run(
        self, graph: Graph, inputs: Mapping[str, Array], names: Sequence[str]
    ) -> dict[str, Array]:
        wanted = [name for name in graph.inputs if name in graph.read]
        count = len(inputs[wanted[0]])
        found: dict[str, list[Array]] = {name: [] for name in names}
        for start in range(0, count, _AT_ONCE):
            part = {name: inputs[name][start : start + _AT_ONCE] for name in wanted}
            batch = len(part[wanted[0]])
            engine = CpuEngine(plan(graph, batch=batch, threads=self._threads), self.store)
            for name, array in part.items():
                engine.inputs[name][...] = array
            engine.run()
            for name in names:
                found[name].append(np.array(engine.value(name), order="C"))
            engine.close()
        return {name: np.concatenate(parts) for name, parts in found.items()}
