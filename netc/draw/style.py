"""How pictures look: one quiet colour for each family of layers, on light ground and on dark."""

from typing import Literal

Theme = Literal["auto", "light", "dark"]

_LIGHT = {
    "convolution": ("#dfebf7", "#3f76aa"),
    "dense": ("#e7e2f4", "#6c58a6"),
    "pooling": ("#fcebd8", "#bd7a30"),
    "normalization": ("#e2f1e5", "#4d8d5d"),
    "activation": ("#fbf3d3", "#9c821f"),
    "combine": ("#e8ecef", "#62717d"),
    "shape": ("#f2f2f0", "#8a8a86"),
    "dropout": ("#f2f2f0", "#8a8a86"),
    "softmax": ("#def1ef", "#2f8a83"),
    "recurrent": ("#f6e2ef", "#a34a88"),
    "loss": ("#fae3e0", "#bb4a40"),
    "measure": ("#fdf4f2", "#bb4a40"),
    "block": ("#eaf0f6", "#4d6a86"),
    "input": ("#ffffff", "#3a4148"),
    "output": ("#3a4148", "#3a4148"),
    "other": ("#efefec", "#77776f"),
}
_DARK = {
    "convolution": ("#1d3348", "#6ba3d6"),
    "dense": ("#2c2545", "#a18fda"),
    "pooling": ("#40301b", "#dba45f"),
    "normalization": ("#1f3526", "#74b586"),
    "activation": ("#383114", "#cdb352"),
    "combine": ("#2b3238", "#9aa8b3"),
    "shape": ("#2c2c2a", "#9c9c97"),
    "dropout": ("#2c2c2a", "#9c9c97"),
    "softmax": ("#173735", "#5fbdb5"),
    "recurrent": ("#3f2037", "#d483bc"),
    "loss": ("#45211e", "#e5867d"),
    "measure": ("#2d1f1e", "#e5867d"),
    "block": ("#222c36", "#8aa5bf"),
    "input": ("#15181b", "#c8cdd2"),
    "output": ("#c8cdd2", "#c8cdd2"),
    "other": ("#2d2d2a", "#a5a59c"),
}
_HUES = ("#4878a8", "#b5722a", "#4f8f5f", "#a5507f", "#7664ad", "#8d8220", "#33868a", "#b0584f")

_FONT = "Helvetica, Arial, 'Liberation Sans', sans-serif"

_SHAPE = f"""\
text {{ font-family: {_FONT}; font-size: 10.5px; }}
.strong {{ font-size: 12px; font-weight: bold; }}
.name {{ font-size: 18px; font-weight: bold; }}
.facts {{ font-size: 12px; }}
.header {{ font-weight: bold; }}
.end {{ text-anchor: end; }}
.middle text {{ text-anchor: middle; }}
.box rect {{ stroke-width: 1.1; }}
.box.kind-block rect {{ stroke-width: 1.8; }}
.box.kind-metric rect {{ stroke-dasharray: 4 2.5; }}
.frame rect {{ stroke-width: 1; }}
.line {{ fill: none; stroke-width: 1.3; }}
.arc {{ fill: none; stroke-width: 1.1; stroke-opacity: 0.75; }}
.label {{ stroke-width: 3px; paint-order: stroke; stroke-linejoin: round; }}
"""


def colors_of(family: str) -> tuple[str, str, str]:
    """What a box of a family is filled with, its rim, and what is written on it, on light."""
    fill, rim = _LIGHT[family_class(family)]
    return fill, rim, "#ffffff" if fill == rim else "#22272c"


def family_class(family: str) -> str:
    """The name under which a family has its colours."""
    return family if family in _LIGHT else "other"


def hue_class(number: int) -> str:
    """The name of the colour of the arcs that begin at one place."""
    return f"hue-{number % len(_HUES)}"


def rules(theme: Theme) -> str:
    """The style sheet; `auto` follows what the viewer's eyes are used to."""
    hues = "".join(f".hue-{n} {{ stroke: {color}; }}\n" for n, color in enumerate(_HUES))
    if theme == "dark":
        return _SHAPE + hues + _dark()
    text = _SHAPE + hues + _light()
    if theme == "auto":
        text += f"@media (prefers-color-scheme: dark) {{\n{_dark()}}}\n"
    return text


def _light() -> str:
    return _colors(
        _LIGHT, ground="#ffffff", ink="#22272c", pale="#5d666e", line="#5b6670", frame="#aab4bd"
    )


def _dark() -> str:
    return _colors(
        _DARK, ground="#15181b", ink="#e4e7ea", pale="#a2abb3", line="#8d98a2", frame="#4b555e"
    )


def _colors(
    families: dict[str, tuple[str, str]], *, ground: str, ink: str, pale: str, line: str, frame: str
) -> str:
    boxes = "".join(
        f".{family} rect {{ fill: {fill}; stroke: {stroke}; }}\n"
        for family, (fill, stroke) in families.items()
    )
    return (
        f".ground {{ fill: {ground}; }}\n"
        f"text {{ fill: {pale}; }}\n"
        f".strong, .name {{ fill: {ink}; }}\n"
        f".output text, .output .strong {{ fill: {ground}; }}\n"
        f".frame rect {{ fill: {pale}; fill-opacity: 0.05; stroke: {frame}; }}\n"
        f".frame .card rect {{ fill: {ground}; fill-opacity: 1; }}\n"
        f".line {{ stroke: {line}; }}\n"
        f".head, .dot {{ fill: {line}; }}\n"
        f".label {{ stroke: {ground}; }}\n"
        f"{boxes}"
    )
