"""Labels with sizes: `input text class(96) [50]` in every form a spec has."""

import pytest

from netc.diag import Source
from netc.expand import expand
from netc.formats import read_source, tidy, write
from netc.ir import build, give
from netc.spec import Name, Number, Setting, Spec
from netc.types import Tensor
from tests.ir.texts import built, place, problems

TEXT = """net m(length = 50) {
    input text class(96) [length]
    input truth class(21) [h, w]
    input image [3, h, w]
    output relu(image)
}
"""


def spec_of(text: str, suffix: str = ".net") -> Spec:
    read = read_source(Source(f"m{suffix}", text), suffix)
    assert isinstance(read, Spec), read
    return read


def types(text: str) -> dict[str, Tensor]:
    graph = build(spec_of(text)).graph
    assert graph is not None
    return {name: graph.types[name] for name in graph.inputs}


def test_labels_have_sizes_known_and_open():
    found = types(TEXT)
    assert found["text"] == Tensor((50,), "i64", classes=96)
    assert found["truth"].shape == found["image"].shape[1:]
    assert str(found["truth"]) == "class(21) [h, w]"


def test_the_blank_before_the_sizes_may_be_missing_and_is_put_there():
    text = "net m {\n    input text class(96)[50]\n}\n"
    assert tidy(Source("m.net", text)) == text.replace(")[", ") [")


@pytest.mark.parametrize("suffix", [".net", ".json"])
def test_labels_with_sizes_are_written_as_they_are_read(suffix):
    written = write(spec_of(TEXT), suffix)
    assert types(write(spec_of(written, suffix), ".net")) == types(TEXT)
    assert write(spec_of(written, suffix), suffix) == written


def test_json_has_the_sizes_beside_the_classes():
    assert '{"input": "truth", "classes": 21, "shape": ["h", "w"]}' in write(spec_of(TEXT), ".json")


def test_a_net_written_out_keeps_labels_with_sizes():
    whole = spec_of(TEXT)
    graph = build(whole).graph
    assert graph is not None
    written = write(expand(whole, graph).spec, ".net")
    assert "input text class(96) [50]" in written
    assert "input truth class(21) [h, w]" in written


def test_open_sizes_of_labels_are_given_from_outside():
    place = spec_of(TEXT).net.name.span
    sizes = [Setting(Name(n, place), Number(s, place), place) for n, s in {"h": 8, "w": 6}.items()]
    closed = give(spec_of(TEXT), sizes)
    assert isinstance(closed, Spec), closed
    assert types(write(closed, ".net"))["truth"] == Tensor((8, 6), "i64", classes=21)


@pytest.mark.parametrize(
    ("written", "where", "advice"),
    [
        ("class(21, 8, 8)", "class(21, 8, 8)", "`class(21) [8, 8]`"),
        ("class(21, [h, w])", "class(21, [h, w])", "`class(21) [h, w]`"),
        ("class(1) [8]", "class(1)", "`class(10)`"),
        ("class(3) [0]", "0", "`class(10)`"),
        ("class(3) []", "[]", "`class(10)`"),
    ],
)
def test_sizes_in_the_wrong_place_are_told_where_they_stand(written, where, advice):
    found = built(f"net a {{\n input x [2]\n input label {written}\n output relu(x)\n}}\n").problems
    wrong = [problem for problem in found if problem.slug == "bad-input"]
    assert [place(problem) for problem in wrong] == [where]
    assert advice in " ".join(wrong[0].diagnostic().helps)


def test_labels_with_sizes_are_no_numbers():
    text = "net a {\n input text class(9) [4]\n output relu(text)\n}\n"
    assert problems(text) == [("bad-shape", "relu")]
