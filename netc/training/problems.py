"""What can be wrong with a `train` section, or with what a run needs."""

from dataclasses import dataclass

from netc.diag import Misspelt, Problem, Repeated


@dataclass(frozen=True)
class UnknownSetting(Misspelt):
    """The `train` section has no setting of this name.

    Its settings are `data`, `batch`, `epochs`, `steps`, `optimizer`, `schedule`, `seed`,
    `test_every`, `clip_norm` and `statistics`.

    Example:
        net a {
            input x [4]
            input label class(10)
            scores = dense(10)
            loss softmax_loss(scores, label)
        }
        train {
            optimiser sgd(rate: 0.1)
        }
    """

    slug = "unknown-setting"
    message = "there is no setting `{name}`"
    label = "unknown setting"

    name: str


@dataclass(frozen=True)
class RepeatedSetting(Repeated):
    """A setting stands twice in the `train` section.

    Example:
        net a {
            input x [4]
            input label class(10)
            scores = dense(10)
            loss softmax_loss(scores, label)
        }
        train {
            batch 64
            batch 32
        }
    """

    slug = "repeated-setting"
    message = "`{name}` is set twice"
    label = "the second time"
    help = "keep one of them"

    name: str


@dataclass(frozen=True)
class ClashingSettings(Repeated):
    """Two settings say how long to train.

    `epochs` counts passes over all training examples, `steps` counts batches.

    Example:
        net a {
            input x [4]
            input label class(10)
            scores = dense(10)
            loss softmax_loss(scores, label)
        }
        train {
            epochs 5
            steps 1000
        }
    """

    slug = "clashing-settings"
    message = "`epochs` and `steps` both say how long to train"
    label = "this is the second to say it"
    help = "keep one of them"
    first_label = "already said here"


@dataclass(frozen=True)
class MissingSetting(Problem):
    """A setting that training cannot do without is not there.

    Without `data` a spec can be checked and compiled, and not trained.

    Example:
        netc train a.net        # where a.net has no line `data ...`
    """

    slug = "missing-setting"
    message = "{where} says nothing of `{name}`"
    label = "`{name}` is missing here"
    help = "{way_out}"

    name: str
    way_out: str
    where: str = "the `train` section"


@dataclass(frozen=True)
class NoTrainSection(Problem):
    """The spec does not say how the net is trained.

    Example:
        netc train a.net        # where a.net has no `train` section
    """

    slug = "no-train-section"
    message = "the file of the net `{name}` has no {lacking}"
    label = "this net"
    help = "{way_out}"

    name: str
    lacking: str = "`train` section"
    way_out: str = (
        "add one below the net: a line `train {`, a line such as `data digits()`, and `}`"
    )


@dataclass(frozen=True)
class NoLoss(Problem):
    """A net without a loss cannot be trained: nothing says what it should learn.

    Example:
        net a {
            input x [4]
            output dense(10)
        }
        train {
            data digits()
        }
    """

    slug = "no-loss"
    message = "the net `{name}` has no loss, so there is nothing to learn"
    label = "no loss in this net"
    help = "{way_out}"

    name: str
    way_out: str = "add a line such as `loss softmax_loss(scores, label)`"


@dataclass(frozen=True)
class NothingLearns(Problem):
    """No weight of the net can change: it has none, all are frozen by `rate: 0`, or the loss does
    not depend on any.

    Example:
        net a {
            input x [10]
            input label class(10)
            loss softmax_loss(x, label)
        }
        train {
            data digits()
        }
    """

    slug = "nothing-learns"
    message = "nothing in the net `{name}` learns"
    label = "no weight that the loss depends on may change"
    help = "add a layer with weights such as `dense`, or remove a `rate: 0`"

    name: str


@dataclass(frozen=True)
class UnknownEngine(Problem):
    """There is no engine of this name.

    `cpu` computes by machine code that is made for the net, and by NumPy where a layer has none;
    `numpy` computes by NumPy alone. Both use the processor.

    Example:
        netc train a.net --engine gpu
    """

    slug = "unknown-engine"
    usage = True
    message = "there is no engine `{name}`"
    help = "{advice}"

    name: str
    advice: str


@dataclass(frozen=True)
class TooMuchMemory(Problem):
    """The run would need more memory than this machine has free.

    What a step needs grows with the batch; the weights and the data do not.

    Example:
        netc train vgg.net      # on a machine with 2 GB
    """

    slug = "too-much-memory"
    message = "this needs {needed} of memory, and {available} are free"
    label = "takes {step} of it"
    note = "a step takes {step}, the weights {weights}, the data {data}"
    help = "{way_out}"

    needed: str
    available: str
    step: str
    weights: str
    data: str
    way_out: str


@dataclass(frozen=True)
class NoStatistics(Problem):
    """Nothing can be gathered over the training set: no layer of the net normalizes by batches, or
    the weights are such that no finite numbers come out.

    Example:
        netc calibrate a.net --weights a.safetensors        # where a.net has no `batch_norm`
    """

    slug = "no-statistics"
    message = "the net `{net}` has no statistics to gather: {reason}"
    help = "{way_out}"

    net: str
    reason: str
    way_out: str


@dataclass(frozen=True)
class UnusableRun(Problem):
    """A run's folder cannot be used: it is not there, cannot be written, or its files are no run.

    Example:
        netc train --resume runs/nowhere
    """

    slug = "unusable-run"
    missing = True
    message = "cannot use the run in `{path}`: {reason}"
    help = "{way_out}"

    path: str
    reason: str
    way_out: str = ""


@dataclass(frozen=True)
class DataChanged(Problem):
    """The data are not those that the run was started with, so it cannot go on as it began.

    Example:
        netc train --resume runs/a-1        # after points.csv was edited
    """

    slug = "data-changed"
    message = "the data of `{path}` have changed since the run began"
    note = "their digest is {now}, it was {then}"
    help = "start a new run; `--init-from` takes the weights over"

    path: str
    now: str
    then: str
