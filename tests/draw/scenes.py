"""What the tests of pictures ask of every one: nothing lies on anything, and lines meet boxes."""

from collections.abc import Iterator
from itertools import combinations

from netc.draw.layout import Rect, Route, Scene
from netc.draw.picture import Box, Group, Picture

Point = tuple[float, float]


def prove(picture: Picture, scene: Scene) -> None:
    """Fail where a picture is laid out wrongly."""
    boxes = {box.id: rect for box, rect in scene.boxes}
    assert len(boxes) == len(scene.boxes)
    for (one, a), (other, b) in combinations(boxes.items(), 2):
        assert not _overlap(a, b), f"{one} lies on {other}"
    for group, frame in scene.frames:
        for id in _ids(group):
            assert _inside(boxes[id], frame), f"{id} is not in its frame"
        for id in set(boxes) - set(_ids(group)):
            assert not _overlap(boxes[id], frame), f"{id} is in the frame of others"
    for rect in (*boxes.values(), *(rect for _, rect in scene.frames)):
        assert _inside(rect, Rect(0, 0, scene.width, scene.height))
    _prove_lines(picture, scene, boxes)


def _prove_lines(picture: Picture, scene: Scene, boxes: dict[str, Rect]) -> None:
    """Each edge has one arrow; each line begins at its box, at a dot, or where another ends."""
    wanted = {(edge.source, edge.value, edge.target) for edge in picture.edges}
    arrows = [route for route in scene.routes if route.arrow]
    assert len(arrows) == len(wanted)
    assert {(r.source, r.target) for r in arrows} == {(s, t) for s, _, t in wanted}
    ends = {_rounded(route.points[-1]) for route in scene.routes}
    starts = {*ends, *map(_rounded, scene.dots)}
    for route in scene.routes:
        if route.arrow:
            assert _on_rim(route.points[-1], boxes[route.target]), route
        begin = route.points[0]
        assert _on_rim(begin, boxes[route.source]) or _rounded(begin) in starts, route
        for x, y in drawn(route, right=scene.right):
            assert -1 <= x <= scene.width + 1, route
            assert -1 <= y <= scene.height + 1, route


def prove_lines_pass_boxes_by(scene: Scene) -> None:
    """No line runs through a box, its own but touched."""
    boxes = [rect for _, rect in scene.boxes]
    for route in scene.routes:
        if route.bend == "smooth":
            for point in drawn(route, right=scene.right):
                assert not any(_holds(rect, point) for rect in boxes), route


def drawn(route: Route, *, right: bool = False) -> Iterator[Point]:
    """Points along a line as it is drawn."""
    if route.bend == "arc":
        yield from _curve(*route.points)
        return
    for (x, y), (u, v) in zip(route.points, route.points[1:], strict=False):
        if right:
            yield from _curve((x, y), ((x + u) / 2, y), ((x + u) / 2, v), (u, v))
        else:
            yield from _curve((x, y), (x, (y + v) / 2), (u, (y + v) / 2), (u, v))


def _curve(a: Point, b: Point, c: Point, d: Point) -> Iterator[Point]:
    for step in range(17):
        t = step / 16
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        yield (
            sum(w * p[0] for w, p in zip(weights, (a, b, c, d), strict=True)),
            sum(w * p[1] for w, p in zip(weights, (a, b, c, d), strict=True)),
        )


def _ids(group: Group) -> Iterator[str]:
    for child in group.children:
        if isinstance(child, Box):
            yield child.id
        else:
            yield from _ids(child)


def _overlap(a: Rect, b: Rect) -> bool:
    across = a.x < b.x + b.width - 0.1 and b.x < a.x + a.width - 0.1
    return across and a.y < b.y + b.height - 0.1 and b.y < a.y + a.height - 0.1


def _inside(a: Rect, b: Rect) -> bool:
    across = b.x - 0.1 <= a.x and a.x + a.width <= b.x + b.width + 0.1
    return across and b.y - 0.1 <= a.y and a.y + a.height <= b.y + b.height + 0.1


def _holds(rect: Rect, point: Point) -> bool:
    x, y = point
    across = rect.x + 1 < x < rect.x + rect.width - 1
    return across and rect.y + 1 < y < rect.y + rect.height - 1


def _on_rim(point: Point, rect: Rect) -> bool:
    x, y = point
    near = Rect(rect.x - 0.6, rect.y - 0.6, rect.width + 1.2, rect.height + 1.2)
    return _holds(Rect(near.x - 1, near.y - 1, near.width + 2, near.height + 2), point) and not (
        rect.x + 0.6 < x < rect.x + rect.width - 0.6
        and rect.y + 0.6 < y < rect.y + rect.height - 0.6
    )


def _rounded(point: Point) -> tuple[int, int]:
    return round(point[0]), round(point[1])
