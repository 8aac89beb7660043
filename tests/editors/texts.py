"""Texts with what each of their words is: what all highlighters must agree on.

Each line stands beside the kinds of its words: `kind` is a layer type or whatever is used like one,
and a star marks the place where something is given its name.
"""

import re
from pathlib import Path

_GRAMMAR = Path(__file__).parents[2] / "grammar/net.lark"

Line = tuple[str, str]


def reserved() -> set[str]:
    """The words that the grammar of the language keeps for itself."""
    names = re.search(r"^NAME: /\(\?!\(\?:([a-z|]+)\)", _GRAMMAR.read_text(encoding="utf-8"), re.M)
    assert names, "the terminal NAME begins with the words that are no names"
    return set(names[1].split("|"))


CASES: dict[str, list[Line]] = {
    "a net": [
        ("# A remark: let x = 3", "comment"),
        ('net small(depth = 50, config = "A") {  # more',
         "keyword kind* name* number name* text comment"),
        ("    let wide = if depth >= 1_000 then [1, 2.5e-3] else [7]",
         "keyword name* keyword name number keyword number number keyword number"),
        ('    let table = {18: [2], "A": []}[depth]', "keyword name* number number text name"),
        ("    input image [3, h, w]", "keyword name* number name name"),
        ("    input label class(10)", "keyword name* kind number"),
        ("    conv(8, kernel: [1, 7], pad: same, bias: false) -> relu",
         "kind number option number number option name option constant kind"),
        ("    relu -> conv(depth // 2)", "kind kind name number"),
        ("    image -> conv(8) -> tower", "name kind number kind"),
        ("    flatten", "kind"),
        ("    scores = flatten", "name* kind"),
        ("    side = image", "name* name"),
        ("    side.part = (scores, image) -> add", "name* name name kind"),
        ("        -> dropout(0.5)  # goes on", "kind number comment"),
        ("    loss far = softmax_loss(side -> head(3), label, weight: 0.3)",
         "keyword name* kind name kind number name option number"),
        ("    metric accuracy(negate(scores), label)", "keyword kind kind name name"),
        ("    output prob = softmax", "keyword name* kind"),
        ("    output scores", "keyword name"),
        ("    output flatten -> dense(2)", "keyword kind kind number"),
        ("}", ""),
    ],
    "what repeats and chooses": [
        ("net n {", "keyword kind*"),
        ("    input x [1]", "keyword name* number"),
        ("    for i in 0..len(blocks) { unit(min(i, 3), first: i == 0) }",
         "keyword name* keyword number function name kind function name number option name number"),
        ("    for w in [64, 128] {", "keyword name* keyword number number"),
        ("        repeat 2 * w { dense(w); relu }", "keyword number name kind name kind"),
        ("        if not deep and w in [3] or x.channels != in.width { pool }",
         "keyword operator name operator name operator number operator name attribute current"
         " attribute kind"),
        ("        else if true { identity } else { max(2) { relu } }",
         "keyword keyword constant kind keyword kind number kind"),
        ("        when train { dropout(0.1) }", "keyword constant kind number"),
        ("    }", ""),
        ("    concat {", "kind"),
        ("        identity", "kind"),
        ("        max_pool(3) -> add { relu ; x -> tanh }", "kind number kind kind name kind"),
        ("    }", ""),
        ("    layer tower = digest(3)", "keyword kind* kind number"),
        ("    a = x -> concat { tower ; relu } -> tower", "name* name kind kind kind kind"),
        ("    b = join(x -> mul { relu ; tanh }, a)", "name* kind name kind kind kind name"),
        ("    assert params < 3e6 and shape(a) == [4] and not a.rank > 2",
         "keyword function number operator function name number operator operator name attribute"
         " number"),
        ("    assert macs(tower) <= 2 ** 8", "keyword function name number number"),
        ("}", ""),
    ],
    "the rest of a file": [
        ('use "blocks/unit.net"', "keyword text"),
        ("let size = 3", "keyword name* number"),
        ("block path(width,", "keyword kind* name*"),
        ("           stride = max(1, size)) {", "name* function number name"),
        ("    conv(width)", "kind name"),
        ("}", ""),
        ("train {", "keyword"),
        ("    data      npz(\"x.npz\")  # here", "option kind text comment"),
        ("    batch     2 * size", "option number name"),
        ("    schedule  cosine", "option kind"),
        ("    optimizer sgd(rate: 0.1, nesterov: true); seed 1",
         "option kind option number option constant option number"),
        ("}", ""),
        ("block bare { relu }", "keyword kind* kind"),
    ],
    "a part of a net": [
        ("conv(8) -> relu", "kind number kind"),
        ("x = conv(8)", "name* kind number"),
        ("x -> relu", "name kind"),
        ("optimizer sgd(rate: 0.1)", "option kind option number"),
        ("schedule  cosine", "option kind"),
        ("batch 64", "option number"),
    ],
}  # fmt: skip


def text_of(lines: list[Line]) -> str:
    return "".join(f"{line}\n" for line, _ in lines)


def expected(lines: list[Line]) -> list[list[str]]:
    """The kinds of the words of each line."""
    return [kinds.split() for _, kinds in lines]
