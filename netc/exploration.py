"""Searching from Python: a net trained with other widths, rates and settings.

found = netc.search("digits.net", trials=30, epochs=5, vary=["widths", "rate=0.001..1,log"])
netc.train(found.best_file)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from netc import __version__
from netc.api import File, Net, SpecError, load
from netc.searching import Finished, Request, Search, Trial, Tried, Trying, start_search
from netc.training import Wish

Show = Callable[[Tried | Trying | Finished], None]


@dataclass(frozen=True)
class Searched:
    """What came of a search: the trials in their order, and the folder they are kept in."""

    folder: Path
    trials: tuple[Trial, ...]
    best: Trial | None

    @property
    def best_file(self) -> Path:
        """The net with the values of the best trial."""
        return self.folder / "best.net"


def search(
    net: Net | File,
    *,
    vary: Sequence[str] = (),
    trials: int = 20,
    epochs: int | None = None,
    steps: int | None = None,
    held_out: float = 0.2,
    seed: int = 1,
    out: File | None = None,
    data: Sequence[File] = (),
    engine: str = "cpu",
    threads: int | None = None,
    show: Show | None = None,
) -> Searched:
    """Train a net again and again with drawn values, like `netc search`.

    `vary` are texts such as `rate=0.001..1,log`, `batch=16..64` or `widths`; without any, the
    widths of hidden layers, the rate and the decay are varied. `held_out` is the part of the
    training examples that trials are scored by, `data` are folders to look for data in, and `show`
    is called with every event. Raises ValueError where a number is out of bounds, `SpecError` where
    the search cannot start, and KeyboardInterrupt, with everything saved, after Ctrl-C.
    """
    if trials < 1 or seed < 0 or not 0 < held_out < 1:
        raise ValueError(
            "`trials` must be at least 1, `seed` at least 0, `held_out` between 0 and 1"
        )
    whole = net.spec if isinstance(net, Net) else load(net).spec
    wish = Wish(
        out=None if out is None else Path(out),
        data_folders=tuple(Path(folder) for folder in data),
        engine=engine,
        threads=threads,
        epochs=epochs,
        steps=steps,
        version=__version__,
    )
    request = Request(trials, seed, held_out, wish, Path(whole.source.path).parent)
    found = start_search(whole, request, vary)
    if not isinstance(found, Search):
        raise SpecError(found)
    for event in found.events():
        if show is not None:
            show(event)
        if isinstance(event, Finished) and event.reason == "interrupted":
            raise KeyboardInterrupt
    return Searched(found.folder.path, tuple(found.trials), found.best)
