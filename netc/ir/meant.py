"""What an unknown word most likely means: a slip of the pen, or a word from elsewhere."""

from collections.abc import Iterable, Sequence

from netc.diag import Sure, did_you_mean, is_slip, nearest, quoted
from netc.layers import REGISTRY

_ELSEWHERE = {
    # layer types of PyTorch, Keras, Caffe and ConvNetJS
    "linear": ("dense",),
    "fc": ("dense",),
    "fullyconnected": ("dense",),
    "innerproduct": ("dense",),
    "convolution": ("conv",),
    "conv1d": ("conv",),
    "conv2d": ("conv",),
    "conv3d": ("conv",),
    "deconvolution": ("deconv",),
    "convtranspose": ("deconv",),
    "convtranspose1d": ("deconv",),
    "convtranspose2d": ("deconv",),
    "convtranspose3d": ("deconv",),
    "conv2dtranspose": ("deconv",),
    "transposedconv": ("deconv",),
    "pool": ("max_pool",),
    "pooling": ("max_pool", "avg_pool"),
    "maxpooling2d": ("max_pool",),
    "maxpool1d": ("max_pool",),
    "maxpool2d": ("max_pool",),
    "avgpool1d": ("avg_pool",),
    "avgpool2d": ("avg_pool",),
    "averagepooling2d": ("avg_pool",),
    "maxpool3d": ("max_pool",),
    "avgpool3d": ("avg_pool",),
    "lppool1d": ("l2_pool",),
    "lppool2d": ("l2_pool",),
    "adaptiveavgpool1d": ("adaptive_avg_pool",),
    "adaptiveavgpool2d": ("adaptive_avg_pool",),
    "adaptiveavgpool3d": ("adaptive_avg_pool",),
    "adaptivemaxpool2d": ("global_max_pool",),
    "spp": ("pyramid_pool",),
    "maxunpool1d": ("unpool",),
    "maxunpool2d": ("unpool",),
    "maxunpool3d": ("unpool",),
    "upsampling2d": ("upsample",),
    "upsamplingnearest2d": ("upsample",),
    "upsamplingbilinear2d": ("upsample",),
    "interpolate": ("resize",),
    "batchnorm1d": ("batch_norm",),
    "batchnorm2d": ("batch_norm",),
    "batchnormalization": ("batch_norm",),
    "batchnorm3d": ("batch_norm",),
    "groupnormalization": ("group_norm",),
    "layernormalization": ("layer_norm",),
    "instancenorm1d": ("instance_norm",),
    "instancenorm2d": ("instance_norm",),
    "instancenorm3d": ("instance_norm",),
    "dropout1d": ("spatial_dropout",),
    "dropout2d": ("spatial_dropout",),
    "dropout3d": ("spatial_dropout",),
    "localresponsenorm": ("lrn",),
    "logistic": ("sigmoid",),
    "eltwise": ("add",),
    "cat": ("concat",),
    "concatenate": ("concat",),
    "view": ("reshape",),
    "crossentropy": ("softmax_loss",),
    "crossentropyloss": ("softmax_loss",),
    "categoricalcrossentropy": ("softmax_loss",),
    "softmaxwithloss": ("softmax_loss",),
    "nllloss": ("softmax_loss",),
    "bceloss": ("sigmoid_loss",),
    "bcewithlogitsloss": ("sigmoid_loss",),
    "binarycrossentropy": ("sigmoid_loss",),
    "mse": ("euclidean_loss",),
    "mseloss": ("euclidean_loss",),
    "l2loss": ("euclidean_loss",),
    "regression": ("euclidean_loss",),
    "svm": ("svm_loss",),
    "quadtransform": ("quadratic",),
    "multimarginloss": ("svm_loss",),
    "swish": ("silu",),
    "bnll": ("softplus",),
    "absval": ("abs",),
    "relu6": ("clip",),
    "clamp": ("clip",),
    "hardtanh": ("clip",),
    "embedding": ("embed",),
    "transpose": ("permute",),
    "reduction": ("reduce",),
    "narrow": ("slice",),
    "chunk": ("split",),
    "zeropad2d": ("pad",),
    "zeropadding2d": ("pad",),
    "reflectionpad2d": ("pad",),
    # options of layers
    "numoutput": ("filters", "units"),
    "outchannels": ("filters",),
    "outfeatures": ("units",),
    "numneurons": ("units",),
    "neurons": ("units",),
    "size": ("kernel", "units"),
    "sx": ("kernel",),
    "kernelsize": ("kernel",),
    "poolsize": ("kernel",),
    "outputsize": ("size",),
    "pyramidheight": ("levels",),
    "scalefactor": ("factor",),
    "mode": ("how",),
    "interpolation": ("how",),
    "aligncorners": ("corners",),
    "legacyversion": ("squared",),
    "padding": ("pad",),
    "outputpadding": ("output_pad",),
    "biasterm": ("bias",),
    "usebias": ("bias",),
    "weightfiller": ("init",),
    "kernelinitializer": ("init",),
    "biasfiller": ("bias_init",),
    "biasinitializer": ("bias_init",),
    "numgroups": ("groups",),
    "useglobalstats": ("frozen",),
    "movingaveragefraction": ("momentum",),
    "normregion": ("over",),
    "localsize": ("size",),
    "center": ("shift",),
    "dropprob": ("rate",),
    "dropoutratio": ("rate",),
    "p": ("rate",),
    "negativeslope": ("slope",),
    "lrmult": ("rate",),
    "decaymult": ("decay",),
    "lossweight": ("weight",),
    "topk": ("top",),
    # initializers
    "glorot": ("xavier",),
    "glorotuniform": ("xavier",),
    "xavieruniform": ("xavier",),
    "he": ("msra",),
    "henormal": ("msra",),
    "kaiming": ("msra",),
    "kaimingnormal": ("msra",),
    "normal": ("gaussian",),
    "zeros": ("constant",),
    "ones": ("constant",),
    # functions
    "int": ("floor",),
    # the train section
    "lr": ("rate",),
    "baselr": ("rate",),
    "learningrate": ("rate",),
    "weightdecay": ("decay",),
    "l1decay": ("l1",),
    "l2decay": ("decay",),
    "rho": ("smoothing",),
    "ro": ("smoothing",),
    "eps": ("epsilon",),
    "batchsize": ("batch",),
    "maxiter": ("steps",),
    "iterations": ("steps",),
    "maxepochs": ("epochs",),
    "numepochs": ("epochs",),
    "method": ("optimizer",),
    "solver": ("optimizer",),
    "lrpolicy": ("schedule",),
    "scheduler": ("schedule",),
    "randomseed": ("seed",),
    "dataset": ("data",),
    "gamma": ("factor",),
    "stepsize": ("every",),
    "milestones": ("at",),
}
"""Words of other programs, lower case and without `_`, and netc's words for the same thing."""

_ALMOST = {
    *("lppool1d", "lppool2d", "spp", "adaptivemaxpool2d", "upsamplingbilinear2d", "interpolate"),
    *("mode", "interpolation"),
    *("pool", "pooling", "eltwise", "view", "svm", "size", "p"),
    *("crossentropy", "categoricalcrossentropy", "nllloss", "bceloss", "binarycrossentropy"),
    *("mse", "mseloss", "l2loss"),
    *("relu6", "clamp", "hardtanh", "transpose", "reduction", "narrow", "chunk"),
    *("zeropad2d", "zeropadding2d", "reflectionpad2d"),
    *("glorot", "glorotuniform", "xavieruniform", "he", "kaiming", "normal", "ones"),
}
"""Those of them that may mean something else, or come with other defaults: a person must look."""

_ADVICE = {
    "activation": "an activation is a layer of its own: write `-> relu` behind this one",
    "nonlinearity": "an activation is a layer of its own: write `-> relu` behind this one",
    "inchannels": "leave it out: netc knows what flows in",
    "infeatures": "leave it out: netc knows what flows in",
    "inputshape": "leave it out: netc knows what flows in",
    "inputdim": "leave it out: netc knows what flows in",
    "numclasses": "leave it out: netc knows the classes from the labels",
    "name": "write the name before the line: `my_name = ...`",
    "lr": "the learning rate belongs to the optimizer: `optimizer sgd(rate: 0.01)`",
    "rate": "the learning rate belongs to the optimizer: `optimizer sgd(rate: 0.01)`",
    "baselr": "the learning rate belongs to the optimizer: `optimizer sgd(rate: 0.01)`",
    "learningrate": "the learning rate belongs to the optimizer: `optimizer sgd(rate: 0.01)`",
    "momentum": "`sgd` takes it: `optimizer sgd(rate: 0.01, momentum: 0.9)`",
    "weightdecay": "decay belongs to the optimizer: `optimizer sgd(rate: 0.01, decay: 5e-4)`",
    "decay": "decay belongs to the optimizer: `optimizer sgd(rate: 0.01, decay: 5e-4)`",
    "l1decay": "netc has L2 decay: `optimizer sgd(rate: 0.01, decay: 5e-4)`",
    "loss": "a loss stands in the net: `loss softmax_loss(scores, label)`",
    "metrics": "a metric stands in the net: `metric accuracy(scores, label)`",
    "training": "a phase is chosen by `when train { ... }`",
    "shuffle": "leave it out: training examples are shuffled in every epoch",
}
"""What to do about words for which there is no other word."""


def meant(word: str, known: Iterable[str]) -> str | None:
    """The known word that is most likely meant, or None; `Sure` where anyone would write that."""
    words = list(known)
    near = _meant(word, words)
    return Sure(near) if near and _is_sure(word, near, words) else near


def _meant(word: str, words: list[str]) -> str | None:
    folded = word.lower().replace("_", "")
    exact = next((w for w in words if w.replace("_", "") == folded), None)
    translated = next((w for w in _ELSEWHERE.get(folded, ()) if w in words), None)
    if exact or translated:
        return exact or translated
    return None if folded in _ADVICE else nearest(word, words)


def _is_sure(word: str, near: str, words: list[str]) -> bool:
    folded = word.lower().replace("_", "")
    if is_slip(word, near, words):
        return True
    found = [w for w in _ELSEWHERE.get(folded, ()) if w in words]
    return found == [near] and folded not in _ALMOST


def advise(word: str, near: str | None, otherwise: str) -> str:
    """Advice about an unknown word: the word that is meant, what to do instead, or `otherwise`."""
    folded = word.lower().replace("_", "")
    return did_you_mean(near) or _ADVICE.get(folded, "") or otherwise


def meant_type(word: str, own: Sequence[str]) -> tuple[str | None, str]:
    """The layer type that an unknown one is most likely meant for, or one of the writer's `own`:
    blocks and shared layers; and the advice."""
    near, known = meant(word, [*REGISTRY, *own]), quoted(own[:8])
    otherwise = "`netc explain --list` shows the layer types"
    if not own or near in own or isinstance(near, Sure):
        return near, advise(word, near, otherwise)
    if near is not None:
        return near, f"did you mean `{near}`, or your own {known}?"
    return None, advise(word, None, f"your own are {known}; {otherwise}")
