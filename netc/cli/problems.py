"""What can be wrong with what only the command line takes: pictures, and models of others."""

from dataclasses import dataclass, replace

from netc.diag import Diagnostic, Problem


@dataclass(frozen=True)
class UnreadableInput(Problem):
    """A file to predict on is not there, is damaged, or is of no kind that netc reads.

    netc reads `.npy` and `.npz` arrays, and pictures: `.pgm` and `.ppm` itself, all others by
    Pillow.

    Example:
        netc predict digits.onnx nowhere.png
    """

    slug = "unreadable-input"
    missing = True
    message = "cannot read `{path}`: {reason}"
    help = "{way_out}"

    path: str
    reason: str
    way_out: str = ""


@dataclass(frozen=True)
class UnfitInput(Problem):
    """What a file holds is not what an input of the model takes.

    An array may hold one example, or many of them along its first axis.

    Example:
        netc predict digits.onnx photo.png      # a photo of 640x480, for an input [1, 8, 8]
    """

    slug = "unfit-input"
    message = "`{path}` {reason}"
    help = "{way_out}"

    path: str
    reason: str
    way_out: str = ""


@dataclass(frozen=True)
class FixedSize(Problem):
    """A net cannot be made fully convolutional: it hangs on the size of its image.

    `netc convert --fully-convolutional` turns dense layers on an image into convolutions, so that
    a larger image gives a map of answers. Layers that change what an image is, such as a
    `reshape`, stand in the way; and a net without dense layers on images takes other sizes as it
    is, once its input line says `[3, h, w]`.

    Example:
        netc convert mlp.net --fully-convolutional -o maps.net
    """

    slug = "fixed-size"
    message = "the net cannot be made fully convolutional"
    label = "{reason}"
    help = "{way_out}"

    reason: str
    way_out: str = ""

    def diagnostic(self) -> Diagnostic:
        """Without a place the reason stands beside the message."""
        made = super().diagnostic()
        if self.span is not None:
            return made
        return replace(made, message=f"{made.message}: {self.reason}")


@dataclass(frozen=True)
class MissingPart(Problem):
    """This needs an optional part of netc that is not installed.

    Example:
        netc predict digits.onnx seven.png      # without Pillow
    """

    slug = "missing-part"
    missing = True
    message = "{what} needs {package}, which is not installed"
    help = "install it with `{install}`"

    what: str
    package: str
    install: str


@dataclass(frozen=True)
class ModelFailed(Problem):
    """The model could be opened, but not run on the inputs it was given.

    Where images may have any size, they may still be too small for a layer.
    """

    slug = "model-failed"
    message = "`{path}` cannot be run on this: {reason}"

    path: str
    reason: str


@dataclass(frozen=True)
class Unformattable(Problem):
    """`netc fmt` gives a look to `.net` texts, and this file is something else.

    Example:
        netc fmt net.json
    """

    slug = "unformattable"
    usage = True
    message = "`{path}` does not end in `.net`, and `netc fmt` formats nothing else"
    help = "{way_out}"

    path: str
    way_out: str = ""


@dataclass(frozen=True)
class UnwritableFormat(Problem):
    """netc tells by the ending of a file in which language to write it, and does not know this one.

    Specs end in `.net` or `.json`, and in `.js` where they are for ConvNetJS. Weights end in
    `.safetensors`, in `.npz`, and in `.json` where ConvNetJS is to load them with the net.

    Example:
        netc convert net.net -o net.txt
    """

    slug = "unwritable-format"
    usage = True
    message = "`{path}` does not end like a file that netc writes"
    help = "{noun} in {known}"

    path: str
    known: str
    noun: str = "a spec ends"
