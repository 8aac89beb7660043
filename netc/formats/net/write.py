"""Spec to text: the tree of a network as a page that people read and change."""

from netc import spec
from netc.formats.net.documents import Bodies, Document, printed
from netc.formats.net.expressions import bracketed, document, documents, flow, writes
from netc.formats.net.format import tidied

_GROUPS: dict[type, int] = {spec.Let: 1, spec.Input: 2, spec.Role: 3}
_FLOW = 4
"""Statements of a net that stand apart from those of other groups."""


def write(written: spec.Library) -> str:
    """The text of a spec or library, in the one look; it reads back as the same tree.

    Comments are not part of the tree and left out, as is where in the file a section stood.
    """
    sections = [
        "\n".join(f'use "{use.path.value}"' for use in written.uses),
        "\n".join(printed(document(let)) for let in written.lets),
    ]
    if isinstance(written, spec.Spec):
        sections.append(_section("net", written.net, is_spaced=True))
    sections += [_section("block", block) for block in written.blocks]
    if written.train is not None:
        sections.append(_train(written.train))
    return tidied("\n\n".join(section for section in sections if section))


def _section(word: str, section: spec.NetSpec | spec.Block, *, is_spaced: bool = False) -> str:
    head = (f"{word} {section.name.text}", _parameters(section.parameters))
    lines = [f"{printed(head)} {{"]
    group = 0
    for statement in section.body:
        group_before = group
        if not isinstance(statement, spec.Assert):
            group = _GROUPS.get(type(statement), _FLOW)
        lines += [""] if is_spaced and group_before not in (0, group) else []
        lines.append(printed(document(statement), level=1))
    return "\n".join([*lines, "}"])


def _parameters(parameters: tuple[spec.Parameter, ...]) -> Document:
    if not parameters:
        return ""
    return bracketed("(", tuple(map(_parameter, parameters)), ")")


def _parameter(parameter: spec.Parameter) -> Document:
    name = parameter.name.text
    return name if parameter.default is None else (f"{name} = ", document(parameter.default))


def _train(train: spec.TrainSpec) -> str:
    width = max((len(setting.name.text) for setting in train.settings), default=0)
    settings = [(f"{s.name.text:<{width}} ", document(s.value)) for s in train.settings]
    return "\n".join(["train {", *(printed(setting, level=1) for setting in settings), "}"])


# ---- statements


@writes(spec.Let)
def _let(let: spec.Let) -> Document:
    return (f"let {let.name.text} = ", document(let.value))


@writes(spec.Input)
def _input(written: spec.Input) -> Document:
    sizes = (" ", document(written.sizes)) if written.sizes else ()
    return (f"input {written.name.text} ", document(written.type), *sizes)


@writes(spec.Chain)
def _chain(chain: spec.Chain) -> Document:
    name = f"{chain.name.text} = " if chain.name else ""
    return (name, flow(chain.steps))


@writes(spec.Role)
def _role(role: spec.Role) -> Document:
    return (f"{role.role.text:<6} ", _chain(role.chain))


@writes(spec.Shared)
def _shared(shared: spec.Shared) -> Document:
    return (f"layer {shared.name.text} = ", document(shared.made))


@writes(spec.Assert)
def _assert(written: spec.Assert) -> Document:
    return ("assert ", document(written.condition))


@writes(spec.For)
def _for(loop: spec.For) -> Document:
    return _bodies(((f"for {loop.name.text} in ", document(loop.values)), loop.body))


@writes(spec.Range)
def _range(written: spec.Range) -> Document:
    return (document(written.start), "..", document(written.stop))


@writes(spec.Repeat)
def _repeat(loop: spec.Repeat) -> Document:
    return _bodies((("repeat ", document(loop.count)), loop.body))


@writes(spec.When)
def _when(when: spec.When) -> Document:
    return _bodies((f"when {when.phase.text}", when.body))


@writes(spec.If)
def _if(written: spec.If) -> Document:
    parts: list[tuple[Document, tuple[spec.Statement, ...]]] = []
    word = "if "
    rest: tuple[spec.Statement, ...] | None = (written,)
    while rest and len(rest) == 1 and isinstance(rest[0], spec.If):
        parts.append(((word, document(rest[0].condition)), rest[0].body))
        word, rest = "else if ", rest[0].otherwise
    if rest is not None:
        parts.append(("else", rest))
    return _bodies(*parts)


def _bodies(*parts: tuple[Document, tuple[spec.Statement, ...]]) -> Document:
    if len(parts) == 1 and not parts[0][1]:
        return (parts[0][0], " {}")
    is_inline = all(len(body) == 1 and _is_plain(body[0]) for _, body in parts)
    return Bodies(tuple((head, documents(body)) for head, body in parts), is_inline)


def _is_plain(statement: spec.Statement) -> bool:
    """Whether a statement may share a line with the bracket around it."""
    chain = statement.chain if isinstance(statement, spec.Role) else statement
    if not isinstance(chain, spec.Chain):
        return isinstance(chain, spec.Let | spec.Shared | spec.Assert | spec.Input)
    return not any(isinstance(step, spec.Join) for step in chain.steps)


@writes(spec.Tuple)
def _tuple(written: spec.Tuple) -> Document:
    return bracketed("(", tuple(name.text for name in written.names), ")", end="")


@writes(spec.Join)
def _join(join: spec.Join) -> Document:
    return _bodies((document(join.type), join.body))
