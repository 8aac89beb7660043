"""Machines with other vectors than this one: steps on narrower ones, and code for such machines."""

import os
import subprocess
import sys

import pytest

from netc.native.build import build
from netc.native.compile import ir_text
from netc.native.target import VARIABLE, Target, host
from netc.plan import plan
from tests.native.steps import PHASES
from tests.nets import CONVNET, graph_of

llvm = pytest.importorskip("llvmlite.binding")

OTHERS = {
    "arm": Target("aarch64-unknown-linux-gnu", "neoverse-n1", "", 16, 32),
    "without fused multiplication": Target("x86_64-unknown-linux-gnu", "x86-64-v2", "", 16, 16),
    "avx2": Target("x86_64-unknown-linux-gnu", "haswell", "", 32, 16),
}

SLOW = ("fma", "exp", "log", "tanh", "floor")
"""Functions of the C library: a call for each number of a vector."""

STEPS = ("test_random_steps.py", "test_direct.py::test_tail")


@pytest.mark.parametrize("width", [16, 32])
def test_steps_with_narrower_vectors(width: int) -> None:
    """Tests of whole steps pass in a process that knows no wider vectors."""
    if host().vector_bytes <= width:
        pytest.skip(f"this machine has no vectors wider than {width} bytes")
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "train or tail"]
    done = subprocess.run(
        [*words, *(f"tests/native/{name}" for name in STEPS)],
        env={**os.environ, VARIABLE: str(width)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-4000:]


@pytest.fixture
def other(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Target:
    """Another machine, which is this one for whatever chooses kernels."""
    target: Target = OTHERS[request.param]
    for name, module in list(sys.modules.items()):
        if name.startswith("netc.native.") and getattr(module, "host", None) is host:
            monkeypatch.setattr(module, "host", lambda: target)
    return target


@pytest.mark.parametrize("other", OTHERS, indirect=True)
@pytest.mark.parametrize("batch", [3, 32])
def test_kernels_for_another_machine(other: Target, batch: int) -> None:
    """LLVM makes code of all kernels of a net, and none asks for what only others have."""
    try:
        llvm.initialize_all_targets()
        llvm.initialize_all_asmprinters()
        made = llvm.Target.from_triple(other.triple)
    except (RuntimeError, AttributeError) as error:
        pytest.skip(f"LLVM is for this machine alone: {error}")
    machine = made.create_target_machine(cpu=other.processor, jit=True)
    graph = PHASES["train"](graph_of(CONVNET))
    built = build(plan(graph, batch=batch, threads=2))
    for kernel in {job.kernel for job in built.jobs}:
        text = ir_text(kernel, other)
        assert "llvm.x86" not in text
        module = llvm.parse_assembly(text)
        module.verify()
        code = machine.emit_object(module)
        names = [name + end for name in SLOW for end in ("", "f")]
        assert not [name for name in names if f"\0{name}\0".encode() in code], kernel
