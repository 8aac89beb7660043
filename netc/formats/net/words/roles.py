"""Pages of the words that say what a value is for."""

from netc.formats.net.words.page import Page, word


@word("input", "class")
class Input(Page):
    """What goes into the net: an array of numbers for each example, or the number of its class.

    The sizes are those of one example; the batch is never written. An image is
    [channels, height, width], a sequence [channels, length], a plain list of numbers [length].
    A size may be a name that nothing else has, as in `[3, h, w]`: it is open until the net runs.
    `class(10)` is one of ten classes, numbered from 0, and `class(10) [28, 28]` an array of them.
    While training, the `data` of the `train` section fill each input: the field of the same name,
    or else the class goes where a class is wanted and the values where values are.

    Example:
        net small {
            input image [3, 32, 32]
            input label class(10)
            scores = flatten -> dense(10)
            loss softmax_loss(scores, label)
        }
    """


@word("output")
class Output(Page):
    """A value that the net is asked for when it is used; in a block, the block's result.

    `netc predict` shows the outputs, and `netc compile` writes what they are made of; losses,
    metrics and labels are left out there. There may be several.

    Example:
        net small {
            input x [64]
            hidden = dense(32) -> relu
            output scores = dense(10)
            output code = hidden
        }
    """


@word("loss")
class Loss(Page):
    """A number that training makes small. Several add up, each times its `weight`.

    `netc explain --list` shows the losses among the layer types: their names end in `_loss`.

    Example:
        net small {
            input x [64]
            input label class(10)
            hidden = dense(32) -> relu
            scores = dense(10)
            loss softmax_loss(scores, label)
            loss softmax_loss(hidden -> dense(10), label, weight: 0.3)
        }
    """


@word("metric")
class Metric(Page):
    """What is reported, while training and by `netc test`, and changes nothing.

    Most metrics are a number; `class_accuracy` has one for each class, and `confusion` is a table
    of them, which `netc test` shows. The best weights of a run are those with the highest first
    metric that is a number.

    Example:
        net small {
            input x [64]
            input label class(10)
            scores = dense(10)
            loss softmax_loss(scores, label)
            metric accuracy(scores, label)
            metric top5 = accuracy(scores, label, top: 5)
        }
    """
