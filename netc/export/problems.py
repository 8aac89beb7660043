"""What can stand in the way of a network on its way to another runtime, or of a file it came in."""

from dataclasses import dataclass

from netc.diag import Label, Misspelt, Problem, Span


@dataclass(frozen=True)
class NoOutput(Problem):
    """A compiled network is what answers: without an `output` nothing would be left of it.

    Losses and metrics are for training, and are left out of the compiled file. The place is the
    last layer that is not one of them.

    Example:
        net a {
            input x [4]
            input label class(3)
            scores = dense(3)
            loss softmax_loss(scores, label)
        }
    """

    slug = "no-output"
    message = "the net `{net}` has no output to compile"
    label = "nothing says that this is an answer"
    help = "add `output {answer}`"

    net: str
    answer: str


@dataclass(frozen=True)
class NoOnnxRule(Problem):
    """Some layer types cannot be written as ONNX, and the outputs need them.

    All layers in the way are shown. An `output` that stands before them can be compiled.
    """

    slug = "no-onnx-rule"
    message = "{subject} cannot be written as ONNX"
    label = "`{type}` has no ONNX form"
    help = "let the outputs depend on other layers, or give the layer type an `onnx` rule"

    subject: str
    type: str
    more: tuple[tuple[Span, str], ...] = ()

    def others(self) -> tuple[Label, ...]:
        return tuple(Label(span, f"`{type}` neither") for span, type in self.more)


@dataclass(frozen=True)
class NotInOpset(Problem):
    """The chosen version of ONNX has no way to say what this layer does.

    ONNX grows by opsets: each adds operators to those before it.
    """

    slug = "not-in-opset"
    message = "`{layer}` cannot be written in ONNX opset {opset}"
    label = "{reason}"
    help = "{way_out}"

    layer: str
    opset: int
    reason: str
    way_out: str = ""


@dataclass(frozen=True)
class BadOpset(Problem):
    """netc writes the opsets of ONNX from 13 on, as far as the installed libraries know them.

    The file is proved with onnxruntime before it is written, so a newer opset than that
    library loads cannot be asked for. The version of the file format (IR) follows the opset.

    Example:
        netc compile lenet.net -o lenet.onnx --opset 9
    """

    slug = "bad-opset"
    usage = True
    message = "opset {opset} cannot be written: {reason}"
    help = "choose an opset from {lowest} to {highest}"

    opset: int
    reason: str
    lowest: int
    highest: int


@dataclass(frozen=True)
class UnknownTarget(Misspelt):
    """A target stands for the opset that a runtime is known to take.

    Example:
        netc compile lenet.net -o lenet.onnx --target tensort
    """

    slug = "unknown-target"
    usage = True
    message = "there is no target `{name}`"

    name: str


@dataclass(frozen=True)
class MissingWeight(Problem):
    """The weights that were given do not cover the network.

    Names say where an array belongs, so a layer that was renamed since loses its weights.
    Running means and the like count too.
    """

    slug = "missing-weight"
    message = "there is no `{weight}` among the weights"
    label = "needs {type}"
    help = "{advice}"

    weight: str
    type: str
    advice: str


@dataclass(frozen=True)
class UnfitWeight(Problem):
    """An array among the weights is not what the layer of that name needs."""

    slug = "unfit-weight"
    message = "the weight `{weight}` {reason}"
    label = "{wanted}"
    help = "{way_out}"

    weight: str
    reason: str
    wanted: str = ""
    way_out: str = ""


@dataclass(frozen=True)
class InvalidOnnx(Problem):
    """The ONNX form of the network was refused, so it was not written.

    The checker of onnx, its shape inference, or onnxruntime found it wrong. As netc proved the
    network, one of the four has a fault, or does not know an operator in this opset.
    """

    slug = "invalid-onnx"
    message = "{judge} refuses the ONNX form of the net: {reason}"
    label = "{blame}"
    help = "try another opset; if none is taken, please report it with the spec"

    judge: str
    reason: str
    blame: str = ""


@dataclass(frozen=True)
class OnnxDiffers(Problem):
    """onnxruntime does not get the numbers that netc gets, so the file was not written.

    The same random inputs went through netc's engine and through onnxruntime. Numbers may differ
    by 1e-3 of themselves and 1e-5 of the greatest number of the value. The place is the first
    layer, in the order they run, whose output differs by more.
    """

    slug = "onnx-differs"
    message = "`{layer}` gives other numbers in onnxruntime than in netc"
    label = "differs by up to {difference:.2g} where numbers go up to {greatest:.2g}"
    note = "seen at batch {batch}, optimizations of onnxruntime {optimizations}"
    help = "{way_out}"

    layer: str
    difference: float
    greatest: float
    batch: str
    optimizations: str
    way_out: str = "please report it with the spec; without the proof, the file would be wrong"


@dataclass(frozen=True)
class UnwritableFile(Problem):
    """The file cannot be written where it was asked for.

    netc writes a new file beside the place and then moves it there, so it must be allowed to make
    files in that folder. A file that was there before is kept.
    """

    slug = "unwritable-file"
    missing = True
    message = "cannot write `{path}`: {reason}"
    help = "{way_out}"

    path: str
    reason: str
    way_out: str = ""


@dataclass(frozen=True)
class UnreadableModel(Problem):
    """onnxruntime cannot open this file as a model.

    It is not there, is no ONNX file, is cut short, or asks for more than the installed version
    of onnxruntime can do.
    """

    slug = "unreadable-model"
    missing = True
    message = "cannot open the model `{path}`: {reason}"
    help = "{way_out}"

    path: str
    reason: str
    way_out: str = ""


@dataclass(frozen=True)
class MissingProvider(Problem):
    """The installed onnxruntime cannot run on the device that was asked for."""

    slug = "missing-provider"
    missing = True
    message = "onnxruntime cannot run on `{device}` here: {reason}"
    note = "it has {found}"
    help = "{way_out}"

    device: str
    reason: str
    found: str
    way_out: str
