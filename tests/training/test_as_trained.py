"""A run keeps its spec so that it can go on whatever becomes of the files it was made of."""

from pathlib import Path

from netc.cli.overrides import override
from netc.formats import read, write
from netc.ir import build, show
from netc.spec import Spec
from netc.training import Settings
from netc.training.as_trained import write_as_trained

NET = """# the author's words
use "blocks/unit.net"
use "blocks/other/unit.net"   # another one

net a(width = 8) {
    input x [4]
    output unit(width) -> pair(3)
}
"""
UNIT = (
    'let twice = 2\nuse "../pair.net"\nblock unit(width) { dense(twice * width) -> pair(width) }\n'
)
PAIR = "block pair(width) { dense(width) -> relu }\n"
OTHER = 'use "../../pair.net"\nblock pair(width) { dense(width) -> tanh }\nnet b { }\n'


def project(folder: Path) -> Path:
    texts = {
        "main.net": NET,
        "blocks/unit.net": UNIT,
        "blocks/other/unit.net": OTHER.replace("pair.net", "third.net"),
        "pair.net": PAIR,
        "third.net": PAIR.replace("pair", "third"),
        ".netc": "",
    }
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder / "main.net"


def whole_of(path: Path) -> Spec:
    made = read(str(path))
    assert isinstance(made, Spec), made
    return made


def shown(whole: Spec) -> str:
    graph = build(whole).graph
    assert graph is not None
    return show(graph)


def kept(path: Path, whole: Spec) -> Spec:
    path.parent.mkdir(exist_ok=True)
    assert write_as_trained(path, whole, Settings()) == []
    return whole_of(path)


def test_a_spec_of_several_files_is_kept_whole(tmp_path: Path) -> None:
    whole = whole_of(project(tmp_path / "project"))
    again = kept(tmp_path / "run" / "spec.net", whole)
    assert shown(again) == shown(whole)
    names = sorted(path.name for path in (tmp_path / "run" / "used").iterdir())
    assert names == ["pair.net", "third.net", "unit.net", "unit_2.net"]


def test_the_words_of_the_author_stay(tmp_path: Path) -> None:
    again = kept(tmp_path / "run" / "spec.net", whole_of(project(tmp_path / "project")))
    assert again.source.text.startswith('# the author\'s words\nuse "used/unit.net"\n')
    assert "# another one" in again.source.text


def test_what_is_kept_can_be_kept_again(tmp_path: Path) -> None:
    once = kept(tmp_path / "run" / "spec.net", whole_of(project(tmp_path / "project")))
    text = once.source.text
    assert kept(tmp_path / "run" / "spec.net", once).source.text == text


def test_a_parameter_that_was_set_is_kept_as_set(tmp_path: Path) -> None:
    made = override(whole_of(project(tmp_path / "project")), ["width=5", "batch=2"])
    assert isinstance(made, Spec)
    again = kept(tmp_path / "run" / "spec.net", made)
    assert shown(again) == shown(made)
    assert "width = 5" in again.source.text


def test_a_spec_in_json_is_kept_as_text(tmp_path: Path) -> None:
    whole = whole_of(project(tmp_path / "project"))
    text = write(whole, ".json")
    assert isinstance(text, str)
    (tmp_path / "project" / "main.json").write_text(text)
    whole = whole_of(tmp_path / "project" / "main.json")
    assert shown(kept(tmp_path / "run" / "spec.net", whole)) == shown(whole)


def test_a_section_for_training_is_put_where_one_was(tmp_path: Path) -> None:
    path = tmp_path / "a.net"
    path.write_text("train { batch 3 }\nnet a { input x [4]\n output dense(2) }\n")
    lines = kept(tmp_path / "run" / "spec.net", whole_of(path)).source.text.splitlines()
    assert lines[0] == "train {"
    assert lines[-1] == " output dense(2) }"
