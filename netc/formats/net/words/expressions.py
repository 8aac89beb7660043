"""Pages of what stands for a value: operators, functions, and what may be asked."""

from netc.formats.net.words.page import Page, word


@word("expressions", "then", "and", "or", "not", "true", "false")
class Expressions(Page):
    """Values are worked out before the net is built, wherever a number, a text or a list can stand.

    There are numbers, texts in quotes, true and false, lists `[1, 2]`, tables `{18: 2, 34: 3}`, and
    the names of `let` lines, parameters and loops. From what binds least to what binds most:

        if c then a else b
        or
        and
        not
        == != < <= > >= in, not in
        + -
        * / // %
        - (in front)
        **
        x[i], x.attribute

    `/` gives a fraction, `//` the whole number below, `%` the rest. The first item of a list is
    `x[0]`; a table is asked by its keys. The functions are `min`, `max`, `sum`, `abs`, `floor`,
    `ceil`, `round`, `sqrt`, `log` (of e), `len` and `range`.

    Example:
        net small(depth = 18) {
            let counts = {18: [2, 2], 34: [3, 4]}[depth]
            let width = if depth > 18 then 64 else 32
            input image [3, 32, 32]
            for i in 0..len(counts) {
                repeat counts[i] {
                    conv(min(width * 2 ** i, 100), kernel: 3, pad: 3 // 2) -> relu
                }
            }
            output dense(10)
        }
    """


@word("in", "shape", "channels", "height", "width", "length", "rank", "classes")
class In(Page):
    """The value that flows in at this place, to ask its sizes.

    In the arguments of a step it is what flows into that step, in other lines the value that the
    next chain goes on from; of several values it is the first. `in.shape` is a list, `in.channels`
    the first of it, `in.height` and `in.width` the sides of an image, `in.length` that of a
    sequence, `in.size` how many numbers it has, `in.rank` how many axes; a class label has
    `classes`. Any value answers the same by its name: `pooled.height`.
    `in` also stands in `for x in list`, and in expressions: `3 in [1, 2, 3]`.

    Example:
        net small {
            input image [3, 32, 32]
            input label class(10)
            conv(16, kernel: 3, pad: 1) -> relu
            halve -> halve
            scores = dense(label.classes)
            loss softmax_loss(scores, label)
        }

        block halve {
            conv(2 * in.channels, kernel: 3, stride: 2, pad: 1) -> relu
        }
    """
