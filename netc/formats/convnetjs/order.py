"""The order of a list: one input first, and the loss last."""

from collections.abc import Sequence

from netc.formats.convnetjs.counterparts import LOSSES
from netc.formats.convnetjs.definition import UNKNOWN, Definition
from netc.formats.convnetjs.findings import Findings
from netc.formats.convnetjs.problems import DoubledLayer, MisplacedLoss, NotADefinition
from netc.formats.json.nodes import Array, Piece

_INPUT = "{type: 'input', out_sx: 24, out_sy: 24, out_depth: 1}"


def check_order(found: Findings, list_of: Array, definitions: Sequence[Definition]) -> None:
    """Tell of what stands at the wrong place of the list."""
    if not definitions:
        what, way_out = "the list of layers is empty", f"begin with the input: `{_INPUT}`"
        found.add(NotADefinition(found.span(list_of), what=what, way_out=way_out))
        return
    first, *others = definitions
    if first.type not in ("input", UNKNOWN):
        what = f"the first layer is `{first.type}`, and has to be `input`"
        why = "ConvNetJS stops with `first layer must be the input layer`"
        way_out = f"begin with `{_INPUT}` with your sizes"
        found.add(NotADefinition(found.span(first.place), what=what, why=why, way_out=way_out))
    if not others:
        what = "the list has no layer but its input"
        why = "ConvNetJS stops with `at least one input layer and one loss layer required`"
        way_out = "add the layers, and a loss such as `{type: 'softmax', num_classes: 10}`"
        found.add(NotADefinition(found.span(first.place), what=what, why=why, way_out=way_out))
    for other in others:
        if other.type == "input":
            _second_input(found, other)
    for loss in definitions:
        if loss.type in LOSSES:
            _check_loss(found, loss, definitions[-1])
    if len(definitions) > 2 and definitions[-1].type in LOSSES:
        _check_doubled(found, definitions[-2], definitions[-1])


def _second_input(found: Findings, other: Definition) -> None:
    what = "there is a second layer of type `input`"
    why = "ConvNetJS takes its sizes for those of what comes from before, whatever they are"
    way_out = "a list of layers has one input, its first: leave this one out"
    found.add(NotADefinition(found.span(other.place), what=what, why=why, way_out=way_out))


def _check_loss(found: Findings, loss: Definition, last: Definition) -> None:
    if loss is not last:
        what = f"`{loss.type}` stands before the last layer"
        way_out = "put the loss last, or take `fc` here"
        place = found.span(loss.place)
        found.add(MisplacedLoss(place, what=what, way_out=way_out, last=found.span(last.place)))
    behind: dict[str, Piece | None] = {"activation": loss.activation}
    behind["drop_prob"] = loss.drop.place if loss.drop else None
    for name, piece in behind.items():
        if piece is not None:
            what = f"`{name}` makes a layer behind the loss `{loss.type}`"
            way_out = "leave it out, or give it to the layer before"
            found.add(MisplacedLoss(found.span(piece), what=what, way_out=way_out))


def _check_doubled(found: Findings, before: Definition, loss: Definition) -> None:
    """Tell of an `fc` that does what the loss does once more."""
    mine = before.options.get("num_neurons")
    its = loss.options.get(LOSSES[loss.type].count)
    if before.type == "fc" and before.is_bare and mine and its and mine.value == its.value:
        place = found.span(before.place)
        found.add(DoubledLayer(place, loss=loss.type, count=int(its.value)))
