"""The pictures of a net as files of a folder, with a line about each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from netc.files import write_file
from netc.ir import Node
from netc.summary import fields_of
from netc.types import Array
from netc.visualize.choose import peaks
from netc.visualize.excited import as_color, excited_sheet
from netc.visualize.filters import filter_sheet, first_layer
from netc.visualize.look import Look
from netc.visualize.methods import Method
from netc.visualize.png import png
from netc.visualize.sheet import in_rows, sheet, stretched

_MOST_CHANNELS, _MOST_EXAMPLES, _MOST_MAPS = 8, 4, 256


@dataclass(frozen=True)
class Made:
    """A picture that was written; `channels` and `examples` say what is in its rows."""

    path: str
    kind: str
    layer: str
    told: str
    channels: tuple[int, ...] = ()
    examples: tuple[tuple[int, ...], ...] = ()


class Drawer:
    """Draws into a folder, and notes what."""

    def __init__(self, look: Look, source: str, inputs: Mapping[str, Array], folder: Path) -> None:
        self._look, self._source, self._inputs, self._folder = look, source, inputs, folder
        self.made: list[Made] = []

    def filters(self) -> None:
        """The filters of the first layer, where it has some that are pictures."""
        graph, store = self._look.graph, self._look.store
        node = first_layer(graph, self._source)
        if node is None:
            return
        picture = filter_sheet(graph, store, node, self._source)
        told = f"the filters of `{node.name}`, grey is 0"
        self._write("filters", "filters", node, picture, told)

    def layers(self, nodes: Sequence[Node], channels: Sequence[int] | None, method: Method) -> None:
        """Maps and excited channels of some layers."""
        values = self._look.values([node.value for node in nodes], self._inputs)
        fields = fields_of(self._look.graph)
        for node in nodes:
            value = values[node.value]
            if value.ndim == 4 and max(value.shape[2:]) > 1:
                self._maps(node, value[0])
            field = fields[node.value]
            self._excited(node, value, channels, method, field.size if field else None)

    def _maps(self, node: Node, maps: Array) -> None:
        bright = stretched(maps[:_MOST_MAPS])
        picture = sheet(in_rows([each[np.newaxis] for each in bright]))
        high, wide = maps.shape[1:]
        told = f"maps of `{node.name}`, {high}x{wide}, for the first picture"
        self._write(f"maps-{node.name}", "maps", node, picture, told)

    def _excited(
        self,
        node: Node,
        value: Array,
        channels: Sequence[int] | None,
        method: Method,
        field: tuple[int, ...] | None,
    ) -> None:
        rows = peaks(value, channels, most=_MOST_CHANNELS, examples=_MOST_EXAMPLES)
        picture = excited_sheet(
            self._look, node.value, self._source, self._inputs, value, rows, method, field
        )
        shown = tuple(row[0].channel for row in rows)
        told = f"channels {', '.join(map(str, shown))} of `{node.name}`, one in each row"
        examples = tuple(tuple(peak.example for peak in row) for row in rows)
        self._write(f"{method}-{node.name}", method, node, picture, told, shown, examples)

    def _write(
        self,
        stem: str,
        kind: str,
        node: Node,
        picture: Array,
        told: str,
        channels: tuple[int, ...] = (),
        examples: tuple[tuple[int, ...], ...] = (),
    ) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{stem}.png"
        write_file(path, png(as_color(picture)))
        self.made.append(Made(str(path), kind, node.name, told, channels, examples))
