"""A spec that was set from outside is written as its author's text, with other values in it."""

from pathlib import Path

import pytest

from netc.cli.overrides import override
from netc.diag import Source
from netc.formats import read_source
from netc.spec import Spec
from netc.training import write_copy

TEXT = """# A net.
net a(width = 4, sides = [8, 8]) {
    input image [1, 8, 8]  # grey
    input label class(10)
    conv(width, kernel: 3)   -> relu
    scores = dense(10)
    loss softmax_loss(scores, label)
}

train {
    data    digits()  # ours
    batch   32 ; epochs 3
    optimizer sgd(rate: 0.1)
}
"""


def copied(path: Path, *changes: str, text: str = TEXT) -> str:
    whole = read_source(Source("a.net", text))
    assert isinstance(whole, Spec)
    made = override(whole, changes)
    assert isinstance(made, Spec)
    assert write_copy(path, made) == []
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "old", "new"),
    [
        ("width=6", "width = 4", "width = 6"),
        ("sides=[9, 9]", "[8, 8])", "[9, 9])"),
        ("batch=16", "batch   32", "batch   16"),
        ("steps=7", "; epochs 3", "; steps  7"),
        ("data=random", "digits()", "random"),
        ("optimizer=sgd(rate: 0.2)", "0.1", "0.2"),
        ("optimizer=sgd(0.2)", "sgd(rate: 0.1)", "sgd(0.2)"),
        ("optimizer=adam", "sgd(rate: 0.1)", "adam"),
        ("seed=4", "0.1)\n}", "0.1)\n    seed      4\n}"),
    ],
)
def test_only_what_was_set_is_another_text(change: str, old: str, new: str, tmp_path: Path) -> None:
    assert TEXT.count(old) == 1
    assert copied(tmp_path / "a.net", change) == TEXT.replace(old, new)


def test_nothing_set_is_the_same_text(tmp_path: Path) -> None:
    assert copied(tmp_path / "a.net") == TEXT


def test_what_has_no_place_in_the_text_is_written_anew(tmp_path: Path) -> None:
    text = TEXT.replace("epochs 3\n    optimizer sgd(rate: 0.1)\n}", "epochs 3 }")
    text = text.replace("    optimizer sgd(rate: 0.1)\n", "")
    written = copied(tmp_path / "a.net", "seed=4", text=text)
    read = read_source(Source("a.net", written))
    assert isinstance(read, Spec)
    assert "seed" in written
    assert "epochs" in written
