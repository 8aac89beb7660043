"""Pages of the words that repeat, choose, share and claim."""

from netc.formats.net.words.page import Page, word


@word("for")
class For(Page):
    """Writes its body once for each value of a list, or of the whole numbers of a range.

    `0..3` is 0, 1, 2: the end is left out. Each round goes on from the value that the round before
    it ended with, and so does the line below the loop. Names inside begin with the variable and
    its value, `width_16.conv_1`, or with the number of the round where two values are the same or
    one is no whole number.

    Example:
        net tower {
            input image [3, 32, 32]
            for width in [16, 32, 64] {
                conv(width, kernel: 3, pad: 1) -> relu -> max_pool(2)
            }
            for i in 0..2 { dense(100 - 50 * i) -> relu }
            output dense(10)
        }
    """


@word("repeat")
class Repeat(Page):
    """Writes its body so many times, each round going on from the one before.

    Names inside begin with the number of the round: `repeat_1.dense_1`.

    Example:
        net deep {
            input x [64]
            repeat 3 { dense(64) -> relu }
            output dense(10)
        }
    """


@word("join", "branch", "branches")
class Join(Page):
    """Several branches from one value, and a layer that brings them together again.

    `add`, `concat`, `mul` and `max` join. Every line between the brackets is a branch, and each
    starts from the value that flows into the join; `identity` is the empty branch. What a loop or
    an `if` inside gives are branches too. A `;` parts branches that stand on one line.

    Example:
        net residual {
            input image [8, 16, 16]
            add {
                conv(8, kernel: 3, pad: 1) -> relu -> conv(8, kernel: 3, pad: 1)
                identity
            } -> relu
            concat { for k in [1, 3, 5] { conv(4, kernel: k, pad: k // 2) } }
            output dense(10)
        }
    """


@word("if", "else")
class If(Page):
    """Takes one of two bodies, by a constant: the choice is made before the net is built.

    `else` may be left out, and may be followed by another `if`. To choose a value and not a piece
    of network, there is `if ... then ... else ...` among the expressions.

    Example:
        net small(pooling = "max") {
            input image [1, 28, 28]
            conv(16, kernel: 5) -> relu
            if pooling == "max" {
                max_pool(2)
            } else if pooling == "avg" {
                avg_pool(2)
            }
            output dense(10)
        }
    """


@word("when", "test")
class When(Page):
    """A piece of network that is there in one phase only: `train` or `test`.

    In the other phase the value above passes it by, so its result must have the same shape. Few
    nets need it: `dropout` and `batch_norm` know the phase themselves.

    Example:
        net noisy {
            input x [64]
            dense(64) -> relu
            when train { dropout(0.2) }
            output dense(10)
        }
    """


@word("layer")
class Layer(Page):
    """One instance of a layer type or a block, whose weights every use of its name shares.

    Example:
        net twins {
            input left [1, 28, 28]
            input right [1, 28, 28]
            layer tower = digest(32)
            a = left -> tower
            b = right -> tower
            output same = concat(a, b) -> dense(2)
        }

        block digest(width) {
            conv(8, kernel: 5) -> relu -> max_pool(2) -> flatten -> dense(width)
        }
    """


@word("assert", "params", "macs", "memory")
class Assert(Page):
    """A claim about the net that `netc check` must find true.

    `shape` is that of the value above, `shape(pooled)` that of a value; `params` and `macs` count
    what training learns and the multiply-adds of one example, in the whole net or in a layer:
    `params(conv_1)`; `memory` is what training takes in bytes, for one example or for so many:
    `memory(64)`.

    Example:
        net small {
            input image [1, 28, 28]
            conv(8, kernel: 5) -> relu
            pooled = max_pool(2)
            assert shape == [8, 12, 12]
            output dense(10)
            assert shape(pooled)[0] == 8 and params < 20_000
        }
    """
