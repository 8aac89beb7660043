"""A small net on the digits, and searches with it that the tests share."""

from pathlib import Path

from netc.diag import Source, render
from netc.formats import read_any_source
from netc.ir import build
from netc.searching import Request, Search, resume_search, start_search
from netc.searching.knobs import Knob, Knobs
from netc.searching.wanted import Wanted, read_wanted
from netc.spec import Spec
from netc.training import Wish, settings_for_training

NET = """net small {
    input image [1, 8, 8]
    input label class(10)
    conv(4, kernel: 3) -> relu  # narrow
    max_pool(2) -> dropout(0.1)
    dense(12) -> relu
    scores = dense(10)
    loss   softmax_loss(scores, label)
    metric accuracy(scores, label)
    output prob = softmax(scores)
}
"""

TRAIN = """
train {
    data      digits()
    batch     100
    optimizer sgd(rate: 0.1, momentum: 0.9)  # fast
}
"""


def spec_of(text: str = NET + TRAIN, path: str = "small.net") -> Spec:
    read = read_any_source(Source(path, text), Path(path).suffix)
    assert isinstance(read, Spec), read
    return read


def knobs_of(*vary: str, text: str = NET + TRAIN, path: str = "small.net") -> tuple[Knobs, object]:
    """What makes nets, and the knobs or problems of these texts."""
    whole = spec_of(text, path)
    graph = build(whole).graph
    assert graph is not None
    settings = settings_for_training(whole, graph).settings
    assert settings is not None
    wanted = [read_wanted(one) for one in vary]
    maker = Knobs(whole, graph, settings)
    return maker, maker.make([one for one in wanted if isinstance(one, Wanted)])


def shown(*vary: str, text: str = NET + TRAIN, path: str = "small.net") -> list[str]:
    """The knobs as they are asked for."""
    _, knobs = knobs_of(*vary, text=text, path=path)
    assert isinstance(knobs, tuple), "\n".join(render(p.diagnostic()) for p in knobs)
    return [knob.text for knob in knobs if isinstance(knob, Knob)]


def search_in(
    folder: Path,
    *vary: str,
    text: str = NET + TRAIN,
    trials: int = 4,
    steps: int = 2,
    seed: int = 1,
) -> Search:
    """A search that can start, of a few steps by NumPy."""
    wish = Wish(out=folder, engine="numpy", threads=1, steps=steps)
    found = start_search(spec_of(text), Request(trials, seed, 0.2, wish, folder), vary)
    assert isinstance(found, Search), "\n".join(render(p.diagnostic()) for p in found)
    return found


def resumed(folder: Path, *, trials: int | None = None) -> Search:
    found = resume_search(folder, trials=trials)
    assert isinstance(found, Search), "\n".join(render(p.diagnostic()) for p in found)
    return found
