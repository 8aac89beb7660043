"""A text in which every construct of the language stands, for tests of what treats all of them."""

from pathlib import Path

WHOLE = """\
#!/usr/bin/env netc
# Every construct of the language, at least once.
use "blocks/residual.net"
let wide = 2 ** 3 - 1

net whole(depth = 18, name = "A", plain = not true) {  # parameters
    let table   = {18: [2, 2], 34: [3, 4]}[depth]
    let nothing = []
    let many    = [
        [0, 1],
        [2, -3],  # the last
    ]
    input image [3, h, 2 * wide]
    input label class(10)

    layer tower.conv_1 = conv(8, kernel: [3, 5], bias: false, init: gaussian(std: 5e-4))
    a = conv(8) -> relu
    b.c = a -> tower -> max_pool(2)
        # in between
        -> dropout(0.5)

    # and another
    (a, b.c) -> add
    for i in 0..table[0] - 1 { conv(if i == 0 then 8 else 16, kernel: -(-3)) }
    for width in [64, 128] {
        add {
            identity
            conv(width) -> concat { relu ; tanh ; conv(8) -> relu } -> relu

            max(b.c, label) { relu }
        } -> relu
    }
    repeat table[1] {}
    if depth > 1 and not plain or name in ["A"] {
        conv(in.channels // 2)
    } else if wide not in {1: 2} {
        relu
    } else {
        tanh
    }
    when train { dropout(0.2) }
    assert shape(a) == [if depth >= 50 then 2048 else 512, 7, 7] and params < 1_000_000
    assert {1: -1}[1] <= -a.height % 2 / 3

    loss   softmax_loss(a -> side(10), label, weight: 0.3)
    loss   (a, label) -> softmax_loss
    metric top5 = accuracy(negate(a), label, top: 5)
    output prob = softmax(
        a,
    )
}

# A block, and what follows it.
block unit(width, stride = 1) {
    path(width, stride)
        -> relu
    output identity
}

block nothing { identity }

train {
    data      csv("a b#c.csv", target: "y")  # where from
    batch     64
    rates     [0.1, 0.2]
    seed      -1
    optimizer sgd(
        rate: 0.1,
        momentum: 0.9,
    )
}
"""

_ROOT = Path(__file__).parents[2]

TEXTS = [
    WHOLE,
    *(path.read_text(encoding="utf-8") for path in sorted((_ROOT / "specs").rglob("*.net"))),
]
"""That, and all networks that come with netc."""
