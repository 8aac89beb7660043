"""A net as the JavaScript that makes it in ConvNetJS: `layer_defs`, the net, and its trainer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from netc.diag import Problem
from netc.exchange.entries import Entry, Value
from netc.exchange.learning import Learning, check_learning, decays, learning_of
from netc.exchange.listing import listing_of
from netc.exchange.notes import of_answers
from netc.exchange.numerals import brief
from netc.exchange.problems import NotThere
from netc.exchange.trainer import trainer_of
from netc.formats import convnetjs
from netc.ir import Graph
from netc.training import Settings

Definition = dict[str, Value | str]

_CONV_ORDER = ("sx", "sy", "filters", "stride", "pad")


@dataclass(frozen=True)
class Script:
    """`notes` say what is not as it was."""

    text: str
    notes: tuple[str, ...] = ()


def write_script(graph: Graph, settings: Settings | None) -> Script | list[Problem]:
    """The net as a page of ConvNetJS has it, with a trainer where the settings are known; or all
    that ConvNetJS has no word for."""
    layers = listing_of(graph)
    if isinstance(layers, list):
        return layers
    if problems := check_learning(graph, layers):
        return problems
    how = settings or Settings()
    shares = decays(graph, layers, how)
    learned = {
        id(entry): learning_of(graph, entry, how, shares)
        for entry in layers
        if entry.type in ("conv", "fc")
    }
    try:
        definitions = list(_definitions(layers, learned))
    except NotThere as refusal:
        return [refusal.problem]
    notes = [*of_answers(graph, layers), *_notes(layers)]
    options: Mapping[str, Value | str] | None = None
    if settings is not None or "l1_decay" in shares:
        options, about = trainer_of(how, shares)
        notes += about
    return Script(_text(definitions, options), tuple(notes))


def _notes(layers: Sequence[Entry]) -> Iterator[str]:
    kinds = {entry.type for entry in layers}
    if "quadtransform" in kinds:
        yield "`quadtransform` is a layer of ConvNetJS 0.3.0, and of no later version"
    if any(e.node and e.type in ("conv", "fc") and "bias" not in e.node.ports for e in layers):
        yield "ConvNetJS gives every `conv` and `fc` a bias, which starts at 0 where there was none"
    if any(e.node and e.type == "dropout" and _is_right(e.node.layer) for e in layers):
        yield "ConvNetJS multiplies by `drop_prob` in prediction, where 1 - `drop_prob` is right"
    if not kinds & convnetjs.LOSSES.keys():
        yield "the net has no loss, so ConvNetJS can run it and not train it"


def _is_right(dropout: object) -> bool:
    return getattr(dropout, "compat", "") != "convnetjs"


# ---- definitions


def _definitions(layers: Sequence[Entry], learned: Mapping[int, Learning]) -> Iterator[Definition]:
    """The layers folded into the definitions that stand for them."""
    has_loss = layers[-1].type in convnetjs.LOSSES
    layers, loss = (layers[:-1], layers[-1]) if has_loss else (layers, None)
    if loss is not None:
        _check_scores(layers[-1], loss, learned)
        layers = layers[:-1]
    definition: Definition | None = None
    folded: set[str] = set()
    for at, entry in enumerate(layers):
        follower = layers[at + 1] if at + 1 < len(layers) else None
        if entry.type == "quadtransform" and follower and follower.type in ("conv", "fc"):
            continue
        if definition is not None and _joins(entry, folded):
            definition.update(_as_sugar(entry))
            folded.add("dropout" if entry.type == "dropout" else "activation")
            continue
        if definition is not None:
            yield definition
        before = layers[at - 1] if at else None
        definition = _defined(entry, follower, learned, is_tensor=_is_quadratic(before))
        folded = set() if entry.type in ("conv", "fc") else {"activation", "dropout"}
    if definition is not None:
        yield definition
    if loss is not None:
        yield {"type": loss.type, convnetjs.LOSSES[loss.type].count: loss.after.depth}


def _check_scores(entry: Entry, loss: Entry, learned: Mapping[int, Learning]) -> None:
    """Refuse what is not the dense layer that ConvNetJS makes before a loss by itself."""
    span = loss.node.span if loss.node else None
    if entry.type != "fc":
        what = f"ConvNetJS puts a dense layer before `{loss.type}`, and here is `{entry.type}`"
        raise NotThere(span, what, "let a `dense` layer be the last before the loss")
    for option, value in asdict(learned[id(entry)]).items():
        if value != getattr(Learning(), option):
            word = convnetjs.LEARNING[option]
            what = f"ConvNetJS makes the dense layer before `{loss.type}`, without `{word}`"
            raise NotThere(entry.node.span if entry.node else None, what, f"leave `{word}` out")


def _joins(entry: Entry, folded: set[str]) -> bool:
    """Whether a layer is written into the definition before it: activation first, then dropout."""
    if entry.type == "dropout":
        return "dropout" not in folded
    return entry.type in convnetjs.ACTIVATIONS and not folded


def _as_sugar(entry: Entry) -> Definition:
    if entry.type == "dropout":
        return {"drop_prob": entry.options["drop_prob"]}
    return {"activation": entry.type, **entry.options}


def _is_quadratic(entry: Entry | None) -> bool:
    return entry is not None and entry.type == "quadtransform"


def _defined(
    entry: Entry, follower: Entry | None, learned: Mapping[int, Learning], *, is_tensor: bool
) -> Definition:
    kind, size = entry.type, entry.after
    if kind == "input":
        return {"type": kind, "out_sx": size.sx, "out_sy": size.sy, "out_depth": size.depth}
    options = dict(entry.options)
    if options.get("sy") == options.get("sx"):
        options.pop("sy", None)
    if not options.get("pad"):
        options.pop("pad", None)
    if kind == "conv":  # in the order of the demo pages
        options = {name: options[name] for name in _CONV_ORDER if name in options}
    definition: Definition = {"type": kind, **options}
    if kind in ("conv", "fc"):
        if is_tensor:
            definition["tensor"] = True
        before_relu = follower is not None and follower.type == "relu"
        usual = Learning(bias_pref=convnetjs.BIAS_BEFORE_RELU if before_relu else 0.0)
        for option, value in asdict(learned[id(entry)]).items():
            if value != getattr(usual, option):
                definition[option] = value
    return definition


# ---- text


def _text(definitions: Sequence[Definition], trainer: Mapping[str, Value | str] | None) -> str:
    lines = ["layer_defs = [];"]
    lines += [f"layer_defs.push({_object(definition)});" for definition in definitions]
    lines += ["", "net = new convnetjs.Net();", "net.makeLayers(layer_defs);"]
    if trainer is not None:
        lines += ["", f"trainer = new convnetjs.SGDTrainer(net, {_object(trainer)});"]
    return "\n".join(lines) + "\n"


def _object(members: Mapping[str, Value | str]) -> str:
    return "{" + ", ".join(f"{name}:{_value(value)}" for name, value in members.items()) + "}"


def _value(value: Value | str) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"'{value}'" if isinstance(value, str) else brief(value)
