"""A picture as a text for Mermaid, which many pages of documentation show as it stands."""

from collections.abc import Iterator
from json import dumps

from netc.draw.layout import header_of
from netc.draw.picture import Box, Edge, Group, Picture, boxes_of
from netc.draw.style import colors_of, family_class

_INDENT = "    "
_SHAPES = {"input": ('(["', '"])'), "output": ('(["', '"])'), "loss": ('{{"', '"}}')}

MOST_LINES = 500
"""Mermaid shows no more, unless its `maxEdges` says so."""


def mermaid(picture: Picture, *, right: bool = False) -> str:
    """The text of a Mermaid flowchart; frames are subgraphs."""
    lines = [
        "---",
        f"title: {dumps(picture.name)}",
        "---",
        f"flowchart {'LR' if right else 'TD'}",
        *_children(picture.root, _INDENT),
        *(_INDENT + _edge(edge) for edge in picture.edges),
        *(_INDENT + line for line in _classes(picture)),
    ]
    return "\n".join(lines) + "\n"


def _children(group: Group, indent: str) -> Iterator[str]:
    for child in group.children:
        if isinstance(child, Box):
            begin, end = _SHAPES.get(child.kind, ('["', '"]'))
            text = "<br/>".join(_escaped(line.text) for line in child.lines)
            yield f"{indent}{child.id}{begin}{text}{end}"
            continue
        header = "  ".join(filter(None, header_of(child)))
        yield f'{indent}subgraph {child.id}["{_escaped(header)}"]'
        yield from _children(child, indent + _INDENT)
        yield f"{indent}end"


def _edge(edge: Edge) -> str:
    if edge.dense:
        return f"{edge.source} --> {edge.target}"
    label = f'|"{_escaped(edge.label)}"|' if edge.label else ""
    return f"{edge.source} -->{label} {edge.target}"


def _classes(picture: Picture) -> Iterator[str]:
    members: dict[str, list[str]] = {}
    for box in boxes_of(picture.root):
        members.setdefault(family_class(box.family), []).append(box.id)
    for family, ids in members.items():
        fill, rim, ink = colors_of(family)
        # `end` and the like are words of Mermaid; no family with a prefix is.
        yield f"classDef of_{family} fill:{fill},stroke:{rim},color:{ink}"
        yield f"class {','.join(ids)} of_{family}"


def _escaped(text: str) -> str:
    """A text in which nothing means anything to Mermaid: what could is written by its number."""
    return "".join(
        letter if letter.isalnum() or letter in " _.,×·→…()[]:+-*/=" else f"#{ord(letter)};"
        for letter in text
    )
