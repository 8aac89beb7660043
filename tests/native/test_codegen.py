"""Code made by several threads at once, and ahead of when it is wanted."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

pytest.importorskip("llvmlite")

from netc.native import codegen
from netc.native.codegen import machine_code
from netc.native.compile import ir_text
from netc.native.kernels.mean import Mean
from netc.native.target import host
from netc.types import Bug

TEXT = ir_text(Mean("f64"), host())


def test_threads_make_the_same_code() -> None:
    alone = machine_code(TEXT)
    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(machine_code, [TEXT] * 40)) == {alone}


def test_what_llvmlite_would_make_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = machine_code(TEXT)
    monkeypatch.setattr(codegen, "_emit", lambda: lambda machine, it: machine.emit_object(it))
    assert machine_code(TEXT) == alone


def test_others_who_use_llvm_keep_their_passes() -> None:
    def plain() -> bytes:
        llvm = codegen.libraries()
        module = llvm.parse_assembly(TEXT, llvm.create_context())
        return bytes(codegen._machine().emit_object(module))

    before = plain()
    machine_code(TEXT)
    assert plain() == before


def test_text_that_is_wrong_is_our_mistake() -> None:
    with pytest.raises(Bug, match="LLVM refuses"):
        machine_code("define void @f() { ret i32 0 }")


_LEAVES = """
from netc.native.compile import begin
from netc.native.kernels.sum_lanes import SumLanes
begin([SumLanes("f32", channels, 2) for channels in range(1, 2000)])
{then}
"""


@pytest.mark.parametrize("then", ["", "raise SystemExit", "import os; os.fork() or begin([])"])
def test_a_process_may_end_while_code_is_made(then: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if "fork" in then and sys.platform == "win32":
        pytest.skip("there is no fork")
    monkeypatch.setenv("NETC_CACHE", "off")
    done = subprocess.run(
        [sys.executable, "-c", _LEAVES.format(then=then)], capture_output=True, timeout=20
    )
    assert (done.returncode, done.stderr) == (0, b"")


_CHILD = """
import os
from netc.native.compile import addresses, begin
from netc.native.kernels.sum_lanes import SumLanes
kernels = [SumLanes("f32", channels, 2) for channels in range(1, 60)]
begin(kernels)
child = os.fork()
addresses(kernels[:5])
if child:
    raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
def test_after_a_fork_both_make_their_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETC_CACHE", "off")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _CHILD], capture_output=True, timeout=30
    )
    assert (done.returncode, done.stderr) == (0, b"")
