"""Text of LLVM to machine code, by as many threads at once as ask for it."""

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock, local
from typing import Any

from netc.native.target import Target, host
from netc.types import Bug

_QUICK = {"-disable-lsr": ("true", "false"), "-misched-prera-direction": ("topdown", "bottomup")}
"""What halves the time, by what LLVM is told for a while and then again. Its search for better
addresses is left out, since code itself says where numbers are in a few sums. Without it the
scheduler must not go bottom up: it would put more loads in front than there are registers for."""

_TELLS = range(20, 23)
"""Versions of LLVM that know these words; one that did not would end the process."""

_ENOUGH = 32
"""Vector registers; with fewer the scheduler does harm when it goes top down."""

_mine = local()
"""What each thread has of its own: LLVM's contexts and machines serve one thread at a time."""

_quick_lock = Lock()
_quick_users = 0


def machine_code(text: str) -> bytes:
    """An object file for this machine. No optimizing pass runs: the text is what is meant."""
    llvm, machine = libraries(), _machine()
    try:
        module = llvm.parse_assembly(text, llvm.create_context())
        module.verify()
    except RuntimeError as error:
        raise Bug(f"LLVM refuses a kernel: {error}") from None
    with _quick(host()):
        return _emit()(machine, module)


@cache
def libraries() -> Any:
    """llvmlite, ready to make code for the machine we run on."""
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm


def _machine() -> Any:
    target = host()
    if getattr(_mine, "target", None) != target:
        made = libraries().Target.from_triple(target.triple)
        # No `reloc="pic"`: with the large code model of memory LLVM then links by a table of
        # offsets that its loader fills wrongly once there are several objects.
        _mine.machine = made.create_target_machine(
            opt=2, cpu=target.processor, features=target.features, jit=True
        )
        _mine.target = target
    return _mine.machine


@contextmanager
def _quick(target: Target) -> Iterator[None]:
    """Make code in half of the time. The options are those of the whole process, in which others
    may use LLVM too, so they are put back."""
    global _quick_users
    llvm = libraries()
    is_known = llvm.llvm_version_info[0] in _TELLS and target.triple.startswith("x86_64")
    if not is_known or target.registers < _ENOUGH:
        yield
        return
    with _quick_lock:
        if _quick_users == 0:
            _tell(llvm, 0)
        _quick_users += 1
    try:
        yield
    finally:
        with _quick_lock:
            _quick_users -= 1
            if _quick_users == 0:
                _tell(llvm, 1)


def _tell(llvm: Any, which: int) -> None:
    for option, values in _QUICK.items():
        llvm.set_option("netc", f"{option}={values[which]}")


@cache
def _emit() -> Callable[[Any, Any], bytes]:
    """What makes an object file. llvmlite lets one thread at a time into LLVM, which needs no lock
    where each has a context of its own; so its function is called without it, if it is there."""
    ffi, name = libraries().ffi, "LLVMPY_TargetMachineEmitToMemory"
    try:
        known = getattr(ffi.lib, name)
        function = getattr(ctypes.CDLL(ffi.lib._name), name)
        function.argtypes, function.restype = known.argtypes, known.restype
        ends = (ffi.lib.LLVMPY_GetBufferStart, ffi.lib.LLVMPY_GetBufferSize)
        dispose = ffi.lib.LLVMPY_DisposeMemoryBuffer
    except (AttributeError, OSError):
        return lambda machine, module: bytes(machine.emit_object(module))

    def emit(machine: Any, module: Any) -> bytes:
        message = ctypes.c_char_p()
        buffer = function(machine, module, 1, ctypes.byref(message))
        if not buffer:
            raise Bug(f"LLVM makes no code of a kernel: {message.value!r}")
        try:
            return ctypes.string_at(*(end(buffer) for end in ends))
        finally:
            dispose(buffer)

    return emit
