"""What can be wrong with a file of weights."""

from dataclasses import dataclass

from netc.diag import Problem


@dataclass(frozen=True)
class UnreadableWeights(Problem):
    """A file of weights is not there, cannot be read, or holds none.

    Weights are read from safetensors files, from NPZ files of NumPy with the same names, and from
    networks that ConvNetJS saved. Nothing in them is unpickled.

    Example:
        netc test a.net --weights nowhere.safetensors
    """

    slug = "unreadable-weights"
    missing = True
    message = "cannot read weights from `{path}`: {reason}"
    help = "{way_out}"

    path: str
    reason: str
    way_out: str = ""


@dataclass(frozen=True)
class WeightsMismatch(Problem):
    """A file of weights does not belong to this net.

    Every weight of the net must be in the file, by its name and with its shape; a network that
    ConvNetJS saved has them by the order of its layers. The note lists what differs.

    Example:
        netc test a.net --weights another.safetensors
    """

    slug = "weights-mismatch"
    message = "the weights in `{path}` are not those of the net `{net}`"
    note = "{differences}"
    help = "{way_out}"

    path: str
    net: str
    differences: str
    way_out: str = ""
