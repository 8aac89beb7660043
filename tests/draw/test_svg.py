"""The SVG is well-formed, holds all it says inside its edges, and can be read without a browser."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from netc.cli.checked import proven
from netc.draw import Picture, lay_out, picture, svg
from netc.draw.picture import Box, Edge, Group, Line
from netc.draw.text import width_of

SPECS = Path(__file__).parents[2] / "specs"
NAME = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("right", [False, True], ids=["down", "right"])
@pytest.mark.parametrize("name", ["lenet", "resnet", "googlenet", "densenet"])
def test_all_texts_are_inside_the_picture(name: str, right: bool) -> None:
    drawn = picture(proven(str(SPECS / f"{name}.net")).graph)
    root = ElementTree.fromstring(svg(drawn, lay_out(drawn, right=right)))
    width, height = (float(root.attrib[side]) for side in ("width", "height"))
    _prove(root, width, height, 0, 0, middle=False)


def _prove(
    at: ElementTree.Element, width: float, height: float, dx: float, dy: float, *, middle: bool
) -> None:
    middle |= at.get("class") == "middle"
    if "transform" in at.attrib:
        dx, dy = map(float, at.attrib["transform"][len("translate(") : -1].split())
    if at.tag == f"{NAME}text":
        kind = at.get("class", "")
        size = {"name": 18.0, "facts": 12.0, "strong": 12.0}.get(kind, 10.5)
        wide = width_of(at.text or "", size, bold=kind in ("name", "strong"))
        left = dx + float(at.attrib["x"]) - (wide / 2 if middle else wide if "end" in kind else 0)
        assert left >= -0.5, at.text
        assert left + wide <= width + 0.5, at.text
        assert 0 < dy + float(at.attrib["y"]) < height, at.text
    for child in at:
        _prove(child, width, height, dx, dy, middle=middle)


def test_texts_fit_in_their_boxes() -> None:
    drawn = picture(proven(str(SPECS / "googlenet.net")).graph)
    for box, rect in lay_out(drawn).boxes:
        for line in box.lines:
            size = 12.0 if line.strong else 10.5
            assert width_of(line.text, size, bold=line.strong) <= rect.width - 8


@pytest.mark.parametrize(
    "name", ["<script>&\"'", "]]>", "--", "\x00\x07\x1b\x85\ud800\uffff", "網絡", "a\nb", "e\u0301"]
)
def test_hostile_names_do_no_harm(name: str) -> None:
    box = Box("b1", "layer", "convolution", (Line(name, True),), name)
    other = Box("b2", "layer", name, (Line(name),), name)
    group = Group("g1", name, name, (other,), repeat=2, note=name)
    root = Group("g0", name, name, (box, group))
    drawn = Picture(name, name, root, (Edge("b1", "b2", name, name),), (name,))
    text = svg(drawn, lay_out(drawn))
    tree = ElementTree.fromstring(text.encode())
    assert len(list(tree.iter(f"{NAME}script"))) == 0
    assert len(list(tree.iter(f"{NAME}title"))) == 4


def test_boxes_have_titles_and_texts_can_be_selected() -> None:
    drawn = picture(proven(str(SPECS / "lenet.net")).graph)
    root = ElementTree.fromstring(svg(drawn, lay_out(drawn)))
    titles = [title.text or "" for title in root.iter(f"{NAME}title")]
    assert "conv_1 = conv(filters: 20, kernel: 5)" in titles[3]
    assert "520 params" in titles[3]
    texts = [text.text for text in root.iter(f"{NAME}text")]
    assert "conv 5×5, 20" in texts
    assert "20×24×24" in texts


def test_themes() -> None:
    drawn = picture(proven(str(SPECS / "lenet.net")).graph)
    scene = lay_out(drawn)
    assert "prefers-color-scheme" in svg(drawn, scene)
    light, dark = svg(drawn, scene, "light"), svg(drawn, scene, "dark")
    assert ".ground { fill: #ffffff; }" in light
    assert ".ground { fill: #ffffff; }" not in dark
    assert "prefers-color-scheme" not in light + dark
