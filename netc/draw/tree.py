"""Blocks in blocks as the names of layers tell them, and which of them deserve a frame."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeGuard

from netc.draw.flow import Scope
from netc.draw.units import Unit


@dataclass
class Frame:
    """A scope with what stands in it, frames and boxes, in the order they run.

    `shown` is the innermost scope that holds the same, which gives the frame its name.
    """

    path: Scope
    children: list["Frame | Unit"] = field(default_factory=list)
    shown: Scope = ()

    def units(self) -> Iterator[Unit]:
        """All boxes, those of inner frames among them."""
        for child in self.children:
            if isinstance(child, Frame):
                yield from child.units()
            else:
                yield child


def tree_of(units: Sequence[Unit], repeats: Mapping[Scope, int]) -> Frame:
    """The frames of a net: none around a single thing, none around a mere part of a branch, and
    none that something outside would both follow and precede."""
    root = Frame(())
    frames: dict[Scope, Frame] = {(): root}

    def frame(path: Scope) -> Frame:
        if path not in frames:
            frames[path] = Frame(path, shown=path)
            frame(path[:-1]).children.append(frames[path])
        return frames[path]

    for unit in units:
        frame(unit.scope).children.append(unit)
    places = {id(unit): place for place, unit in enumerate(units)}
    _untangle(root, places)
    _simplify(root, repeats)
    return root


# ---- frames that would make a circle


def _untangle(frame: Frame, places: Mapping[int, int]) -> None:
    """Open inner frames until what is left can stand in a row."""
    while any(isinstance(c, Frame) and not _in_one_go(c, places) for c in frame.children):
        stuck = _in_circles(frame)
        if not stuck:
            break
        frame.children = [
            inner
            for child in frame.children
            for inner in (child.children if id(child) in stuck else [child])  # type: ignore[union-attr]
        ]
    for child in frame.children:
        if isinstance(child, Frame):
            _untangle(child, places)


def _in_one_go(frame: Frame, places: Mapping[int, int]) -> bool:
    own = [places[id(unit)] for unit in frame.units()]
    return max(own) - min(own) + 1 == len(own)


def _in_circles(frame: Frame) -> set[int]:
    """The inner frames, by identity, that wait for something that waits for them."""
    wires = wires_of(frame)
    waits = {id(child): 0 for child in frame.children}
    for targets in wires.values():
        for target in targets:
            waits[target] += 1
    ready = [child for child, count in waits.items() if not count]
    while ready:
        for target in wires[ready.pop()]:
            waits[target] -= 1
            if not waits[target]:
                ready.append(target)
    return {id(c) for c in frame.children if isinstance(c, Frame) and waits[id(c)]}


def wires_of(frame: Frame) -> dict[int, list[int]]:
    """Which children read each child, by identity."""
    makers = {unit.value: id(c) for c in frame.children for unit in _units(c)}
    wires: dict[int, dict[int, None]] = {id(child): {} for child in frame.children}
    for child in frame.children:
        for unit in _units(child):
            for value in unit.inputs:
                maker = makers.get(value)
                if maker is not None and maker != id(child):
                    wires[maker][id(child)] = None
    return {maker: list(targets) for maker, targets in wires.items()}


def _units(child: Frame | Unit) -> Iterator[Unit]:
    return child.units() if isinstance(child, Frame) else iter((child,))


# ---- frames that say nothing


def _simplify(frame: Frame, repeats: Mapping[Scope, int], *, is_root: bool = True) -> None:
    for child in frame.children:
        if isinstance(child, Frame):
            _simplify(child, repeats, is_root=False)
    frame.children = [_only(child, repeats) for child in frame.children]
    if not is_root and len(frame.children) == 1 and _is_mere(frame.children[0], repeats):
        frame.shown, frame.children = frame.children[0].shown, frame.children[0].children
    if is_root or _is_row(frame):
        return
    kept: list[Frame | Unit] = []
    for child in frame.children:
        plain = isinstance(child, Frame) and _is_plain(child, repeats) and _is_row(child)
        kept += child.children if isinstance(child, Frame) and plain else [child]
    frame.children = kept


def _is_plain(frame: Frame, repeats: Mapping[Scope, int]) -> bool:
    return (
        frame.path not in repeats
        and not is_dense(frame)
        and all(isinstance(child, Unit) for child in frame.children)
    )


def _is_mere(child: Frame | Unit, repeats: Mapping[Scope, int]) -> TypeGuard[Frame]:
    return isinstance(child, Frame) and child.path not in repeats


def _only(child: Frame | Unit, repeats: Mapping[Scope, int]) -> Frame | Unit:
    if isinstance(child, Unit) or len(child.children) != 1 or child.path in repeats:
        return child
    return child.children[0]


def _is_row(frame: Frame) -> bool:
    """Whether each of the children reads the one before it and nothing else."""
    before: set[str] = set()
    for place, child in enumerate(frame.children):
        made = {unit.value for unit in _units(child)}
        read = {value for unit in _units(child) for value in unit.inputs} - made
        if place and not read <= before:
            return False
        before = made
    return True


def is_dense(frame: Frame) -> bool:
    """Whether the frame holds a dense run."""
    return any(isinstance(child, Unit) and child.gathers for child in frame.children)


# ---- how many levels are open


def best_depth(root: Frame, weigh: Callable[[Frame | Unit], float], limit: float) -> int:
    """The most levels of frames that can be open with no more than so much to look at."""
    depth = 0
    while depth < _depth(root) and _weight(root, depth + 1, weigh) <= limit:
        depth += 1
    return depth


def _depth(frame: Frame) -> int:
    return max((1 + _depth(c) for c in frame.children if isinstance(c, Frame)), default=0)


def _weight(frame: Frame, depth: int, weigh: Callable[[Frame | Unit], float]) -> float:
    return sum(
        _weight(child, depth - 1, weigh) if isinstance(child, Frame) and depth else weigh(child)
        for child in frame.children
    )
