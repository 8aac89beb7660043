"""Which versions of ONNX the installed libraries can take."""

from functools import cache

import onnx
import onnxruntime
from onnx import TensorProto, helper

from netc.diag import Problem
from netc.export.problems import BadOpset
from netc.export.session import Session, open_session
from netc.export.targets import HIGHEST, LOWEST

_ALWAYS_LOADED = 21
"""The oldest onnx and onnxruntime that netc installs with know all opsets up to this one."""


def ir_version(opset: int) -> int:
    """The oldest version of the file format that may hold models of an opset."""
    return helper.find_min_ir_version_for([helper.make_opsetid("", opset)])


def refuse_opset(opset: int) -> list[Problem]:
    """Say why models of an opset cannot be written here; empty when they can."""
    if LOWEST <= opset <= HIGHEST and _is_known(opset):
        return []
    highest = next(o for o in range(HIGHEST, LOWEST - 1, -1) if _is_known(o))
    reason = f"the installed onnxruntime {onnxruntime.__version__} does not load it"
    if not LOWEST <= opset <= HIGHEST:
        reason = f"netc writes {LOWEST} to {HIGHEST}"
    elif opset > onnx.defs.onnx_opset_version():
        reason = f"the installed onnx {onnx.__version__} does not know it"
    return [BadOpset(None, opset=opset, reason=reason, lowest=LOWEST, highest=highest)]


@cache
def _is_known(opset: int) -> bool:
    """Try it: onnxruntime has no way to be asked."""
    if opset <= _ALWAYS_LOADED:
        return True
    if opset > onnx.defs.onnx_opset_version():
        return False
    x, y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in "xy")
    graph = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "probe", [x], [y])
    opsets = [helper.make_opsetid("", opset)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=ir_version(opset))
    return isinstance(open_session(model.SerializeToString(), threads=1), Session)
