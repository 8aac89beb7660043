"""Makes caffe/nets.npz: what the real Caffe computes of whole networks, in their first step.

Reads ../shared/golden/caffe beside the repository, as make_caffe.py does.

    python -m tests.data.make_caffe_nets
"""

from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
GOLDEN = HERE.parents[2] / "shared" / "golden" / "caffe"

NETS = (
    "loss_weight_zero",
    "net_alex",
    "net_autoencoder",
    "net_cifar",
    "net_fcn",
    "net_lenet",
    "net_lenet_test",
    "net_resnet_test",
    "net_resnet_train",
    "shared_params",
    "softmax_then_multinomial",
    "two_losses",
)

LEFT_OUT = {
    "batch_reindex": "no layer of netc touches the batch axis",
    "bn_scale_inplace": "net_resnet_train has all of it, and whatever is in place is for the plan",
    "format_v0": "a format of Caffe's, not what it computes",
    "format_v1": "a format of Caffe's, not what it computes",
    "infogain_bottom": "netc has no loss with a matrix between the classes",
    "infogain_two_tops": "netc has no loss with a matrix between the classes",
    "inplace_after_split": "whatever is in place is for the plan, which may change no bit",
    "loss_weight_internal": "only a loss of netc is a loss, and no other value is summed",
    "net_caption": "sequences of netc begin with their example, not anywhere",
    "parameter": "a weight of netc is that of a layer with an input",
    "prelu_inplace": "whatever is in place is for the plan, which may change no bit",
    "propagate_down_false": "netc has no gradient that is stopped half way",
    "rules_deep_l2": "phases of netc are `when`, and there are no levels and stages",
    "rules_none_l0": "phases of netc are `when`, and there are no levels and stages",
    "scale_inplace": "whatever is in place is for the plan, which may change no bit",
    "shared_permissive": "layers of netc share weights of one shape",
    "silence": "a value of netc that nothing reads needs no layer",
}
"""Networks, and why they are no test of netc's."""

KEPT = ("in/", "param/", "param_after/", "pdiff/", "blob/loss", "blob/prob", "blob/acc")
KEPT += ("blob/l1", "blob/l2", "blob/xent")
"""The beginnings of what a test reads; `blob/loss_...` are copies."""


def main() -> None:
    arrays = {}
    for name in NETS:
        with np.load(GOLDEN / f"{name}.npz") as golden:
            keys = [k for k in golden.files if k.startswith(KEPT) and "_split_" not in k]
            arrays |= {f"{name}/{key}": golden[key] for key in keys}
    np.savez_compressed(HERE / "caffe" / "nets.npz", **arrays)


if __name__ == "__main__":
    main()
