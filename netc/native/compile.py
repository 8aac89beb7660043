"""Kernels to machine code in memory."""

from collections.abc import Callable, Iterable
from functools import cache
from threading import Lock
from typing import Any

from netc.native.cache import recall, remember
from netc.native.function import Function
from netc.native.kernel import Kernel
from netc.native.target import Target, host
from netc.types import Bug

_TYPES = {"pointer": "ptr noalias", "shared": "ptr", "integer": "i64"}

_addresses: dict[str, int] = {}
"""Where the code of each kernel is, by the key of the kernel: made once for the process."""

_loading = Lock()


def addresses(kernels: Iterable[Kernel]) -> dict[Kernel, int]:
    """The entry of each kernel. An entry takes one pointer, to its arguments in slots of 8 bytes.

    Code that is not in the cache on disk is made, and put there.
    """
    found = {}
    for kernel in kernels:
        if kernel not in found:
            found[kernel] = _address(kernel)
    return found


def _address(kernel: Kernel) -> int:
    symbol = f"netc_{kernel.key}"
    with _loading:
        if symbol not in _addresses:
            code = _code(kernel)
            _addresses[symbol] = load(code, symbol)
        return _addresses[symbol]


def _code(kernel: Kernel) -> bytes:
    """The object file of a kernel. The cache knows when netc's own sources have changed, and those
    of nobody else."""
    if type(kernel).__module__.startswith("netc."):
        return kept_code(kernel.key, lambda: ir_text(kernel, host()))
    return machine_code(ir_text(kernel, host()))


def kept_code(key: str, text: Callable[[], str]) -> bytes:
    """An object file from the cache, or else made of a text and put there."""
    code = recall(key)
    if code is None:
        code = machine_code(text())
        remember(key, code)
    return code


def ir_text(kernel: Kernel, target: Target) -> str:
    """A module with the kernel and its entry, `netc_` and the key."""
    f = Function(kernel.dtype, kernel.lanes(target), target.lanes(kernel.dtype))
    kernel.emit(f, target)
    arguments = [(_TYPES[a.kind], a.name) for a in kernel.arguments]
    entry = [f"define void @netc_{kernel.key}(ptr %slots) nounwind {{"]
    given = []
    for slot, (kind, _) in enumerate(arguments):
        plain = kind.split()[0]
        entry.append(f"  %p{slot} = getelementptr i64, ptr %slots, i64 {slot}")
        entry.append(f"  %a{slot} = load {plain}, ptr %p{slot}, align 8")
        given.append(f"{plain} %a{slot}")
    entry += [f"  call void @body({', '.join(given)})", "  ret void\n}"]
    head = f'target triple = "{target.triple}"'
    return "\n".join([head, *f.declarations, f.text("body", arguments), *entry, ""])


def machine_code(text: str) -> bytes:
    """An object file for this machine. No optimizing pass runs: the text is what is meant."""
    llvm, machine = _llvm()
    try:
        module = llvm.parse_assembly(text)
        module.verify()
    except RuntimeError as error:
        raise Bug(f"LLVM refuses a kernel: {error}") from None
    code: bytes = machine.emit_object(module)
    return code


def load(code: bytes, symbol: str) -> int:
    """The address of a function of an object file, brought into memory for good."""
    return addresses_in(code, [symbol])[0]


def addresses_in(code: bytes, symbols: Iterable[str]) -> list[int]:
    """The same for some functions of one object file."""
    llvm, _ = _llvm()
    engine = _engine()
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    return [engine.get_function_address(symbol) for symbol in symbols]


@cache
def _llvm() -> tuple[Any, Any]:
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = host()
    made = llvm.Target.from_triple(target.triple)
    # No `reloc="pic"`: with the large code model of memory LLVM then links by a table of offsets
    # that its loader fills wrongly once there are several objects.
    machine = made.create_target_machine(
        opt=2, cpu=target.processor, features=target.features, jit=True
    )
    return llvm, machine


@cache
def _engine() -> Any:
    llvm, _ = _llvm()
    # The engine owns its machine, so it gets one of its own.
    machine = llvm.Target.from_triple(host().triple).create_target_machine(jit=True)
    return llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
