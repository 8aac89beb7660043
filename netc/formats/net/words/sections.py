"""Pages of the parts of a file, and of what is known in all of it."""

from netc.formats.net.words.page import Page, word


@word("net")
class Net(Page):
    """A network: its inputs, its layers, and what they are for.

    A body is read from top to bottom. A chain leads one layer into the next by `->`; a chain
    that names no source goes on from the one above it, so a plain stack of layers is just its
    lines. `name = ...` names a value, to be used below. A net may have parameters, each with a
    default: `--set width=16` gives them other values. A file has one `net`; one without is a
    library for others to `use`.

    Example:
        net tiny(width = 8) {
            input image [1, 8, 8]
            conv(width, kernel: 3) -> relu
            features = flatten
            output scores = features -> dense(10)
        }
    """


@word("block")
class Block(Page):
    """A piece of a network with a name and parameters, used like a layer type.

    Its input is the value that flows into it; its result is its last value, or what its `output`
    line says. A parameter may have a default; its value is a number, a text, true or false, a
    list or a table. Inside, a block sees its parameters, its own `let` lines and those that stand
    outside of any net and block, and nothing else. Blocks may use blocks, but not themselves.
    Names inside begin with that of the instance: `unit_1.conv_1`.

    Example:
        net small {
            input image [3, 32, 32]
            unit(16) -> unit(32, stride: 2)
            output global_avg_pool -> flatten -> dense(10)
        }

        block unit(width, stride = 1) {
            conv(width, kernel: 3, stride: stride, pad: 1, bias: false) -> batch_norm -> relu
        }
    """


@word("let")
class Let(Page):
    """A name for a constant: a number, a text, true or false, a list or a table.

    In a body it is known from its line on, in the loops and choices below too; outside of any
    net and block it is known in the whole file, in blocks as well.

    Example:
        let classes = 10

        net small {
            let width = 4 * classes
            input x [64]
            dense(width) -> relu
            output dense(classes)
        }
    """


@word("use")
class Use(Page):
    """Brings in the blocks of another file.

    The path is relative to the file that the line stands in, and may not lead out of the project:
    the folder above that holds `.git`, `pyproject.toml` or `.netc`, or else the file's own folder.
    A block sees the `let` lines and the `use` lines of its own file, wherever it is used; a net or
    a `train` section of the used file counts for nothing.

    Example:
        use "blocks/residual.net"

        net small {
            input image [3, 32, 32]
            conv(16, kernel: 3, pad: 1)
            repeat 3 { residual(16) }
            output global_avg_pool -> flatten -> dense(10)
        }
    """
