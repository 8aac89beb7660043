"""A picture as a text for Graphviz, which lays it out by its own lights."""

from collections.abc import Iterator

from netc.draw.layout import header_of
from netc.draw.picture import Box, Edge, Group, Picture
from netc.draw.style import colors_of

_INDENT = "    "
_ROUNDED, _DASHED = "rounded,filled", "rounded,filled,dashed"


def dot(picture: Picture, *, right: bool = False) -> str:
    """The text of a DOT file. Frames are clusters, names are those of the picture."""
    title = f"{picture.name}\n{picture.facts}"
    lines = [
        f"digraph {_quoted(picture.name)} {{",
        f"    graph [rankdir={'LR' if right else 'TB'}, label={_quoted(title)}, labelloc=t,"
        ' fontname="Helvetica", fontsize=12, nodesep=0.3, ranksep=0.4]',
        '    node [shape=box, fontname="Helvetica", fontsize=11, margin="0.15,0.06"]',
        '    edge [fontname="Helvetica", fontsize=9, color="#5b6670", arrowsize=0.7]',
        *_children(picture.root, _INDENT),
        *(_INDENT + _edge(edge) for edge in picture.edges),
        "}",
    ]
    return "\n".join(lines) + "\n"


def _children(group: Group, indent: str) -> Iterator[str]:
    for child in group.children:
        if isinstance(child, Box):
            yield indent + _box(child)
            continue
        header = "  ".join(filter(None, header_of(child)))
        yield f"{indent}subgraph cluster_{child.id} {{"
        yield f'{indent}    graph [label={_quoted(header)}, style=rounded, color="#aab4bd"]'
        yield from _children(child, indent + _INDENT)
        yield f"{indent}}}"


def _box(box: Box) -> str:
    fill, rim, ink = colors_of(box.family)
    text = "\n".join(line.text for line in box.lines)
    options = {
        "label": text,
        "style": _DASHED if box.kind == "metric" else _ROUNDED,
        "fillcolor": fill,
        "color": rim,
        "fontcolor": ink,
        "tooltip": box.title,
    }
    given = ", ".join(f"{name}={_quoted(value)}" for name, value in options.items())
    return f"{box.id} [{given}]"


def _edge(edge: Edge) -> str:
    wire = f"{edge.source} -> {edge.target}"
    if edge.dense:
        return f"{wire} [constraint=false, arrowhead=none]"
    return f"{wire} [label={_quoted(f' {edge.label}')}]" if edge.label else wire


def _quoted(text: str) -> str:
    """A text between quotes, in which a backslash is one and lines end where they should."""
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("\0", "\N{REPLACEMENT CHARACTER}")
    return '"' + text.replace("\n", "\\n") + '"'
