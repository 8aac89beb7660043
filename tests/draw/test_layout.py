"""Every picture is laid out so that nothing lies on anything, and lines meet what they join."""

from pathlib import Path
from random import Random

import pytest

from netc.cli.checked import proven
from netc.draw import Picture, lay_out, picture
from netc.draw.picture import Box, Edge, Group, Line
from tests.draw.scenes import prove, prove_lines_pass_boxes_by
from tests.nets import CONVNET, MLP, TANGLE, graph_of

SPECS = Path(__file__).parents[2] / "specs"
DRAWN = sorted(path.stem for path in SPECS.glob("*.net"))


@pytest.mark.parametrize("right", [False, True], ids=["down", "right"])
@pytest.mark.parametrize("name", DRAWN)
def test_specs_are_laid_out(name: str, right: bool) -> None:
    drawn = picture(proven(str(SPECS / f"{name}.net")).graph)
    scene = lay_out(drawn, right=right)
    prove(drawn, scene)
    prove_lines_pass_boxes_by(scene)


@pytest.mark.parametrize("depth", range(4))
@pytest.mark.parametrize("all_rounds", [True, False])
def test_blocks_open_or_closed_and_rounds_alike_or_all(depth: int, all_rounds: bool) -> None:
    drawn = picture(proven(str(SPECS / "resnet.net")).graph, depth=depth, all_rounds=all_rounds)
    prove(drawn, lay_out(drawn))


@pytest.mark.parametrize("text", [CONVNET, MLP, TANGLE], ids=["convnet", "mlp", "tangle"])
@pytest.mark.parametrize("columns", [None, 1, 3])
def test_small_nets_are_laid_out(text: str, columns: int | None) -> None:
    drawn = picture(graph_of(text))
    prove(drawn, lay_out(drawn, columns=columns))


@pytest.mark.parametrize("seed", range(40))
def test_any_picture_is_laid_out(seed: int) -> None:
    drawn = _random(Random(seed))
    for right in (False, True):
        scene = lay_out(drawn, right=right)
        prove(drawn, scene)
    assert lay_out(drawn) == lay_out(drawn)


def test_the_main_path_of_a_residual_net_is_straight() -> None:
    drawn = picture(proven(str(SPECS / "resnet.net")).graph)
    scene = lay_out(drawn, columns=1)
    where = {box.id: rect for box, rect in scene.boxes}
    middles = {
        round(where[box.id].x + where[box.id].width / 2)
        for box, _ in scene.boxes
        if box.lines[0].text.startswith(("add", "conv 3×3", "dense", "max_pool"))
    }
    assert len(middles) == 1


def test_very_long_nets_end() -> None:
    body = " -> ".join(["dense(4) -> relu"] * 900)
    drawn = picture(graph_of(f"net long {{ input x [4]\n {body}\n output dense(3) }}"))
    scene = lay_out(drawn)
    assert len(scene.boxes) > 900
    assert 0.2 < scene.width / scene.height < 5


def _random(random: Random) -> Picture:
    """Boxes in frames in frames, each of which reads a few of those before it."""
    boxes: list[Box] = []

    def group(depth: int) -> Group:
        children: list[Box | Group] = []
        for _ in range(random.randint(1, 5)):
            if depth < 3 and random.random() < 0.35:
                children.append(group(depth + 1))
            else:
                family = random.choice(["convolution", "combine", "pooling"])
                text = "w" * random.randint(1, 20)
                boxes.append(Box(f"b{len(boxes)}", "layer", family, (Line(text, True),), ""))
                children.append(boxes[-1])
        return Group(f"g{random.random()}", "frame" * random.randint(1, 3), "", tuple(children))

    root = group(0)
    edges = {
        (random.randrange(max(n - 6, 0), n), n)
        for n in range(1, len(boxes))
        for _ in range(random.randint(0, 3))
    }
    return Picture(
        "random",
        "",
        root,
        tuple(Edge(f"b{a}", f"b{b}", f"v{a}", "3×8×8") for a, b in sorted(edges)),
    )
