"""Kernels to machine code in memory."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from functools import cache, partial
from threading import Lock
from typing import Any

from netc.native import makers
from netc.native.cache import recall, remember
from netc.native.codegen import libraries, machine_code
from netc.native.function import Function
from netc.native.kernel import Kernel
from netc.native.target import Target, host

_TYPES = {"pointer": "ptr noalias", "shared": "ptr", "integer": "i64"}

_addresses: dict[str, int] = {}
"""Where the code of each kernel is, by the key of the kernel: made once for the process."""

_codes: dict[str, Future[bytes]] = {}
"""Object files that are not in memory yet, or are still being made, by the same keys."""

_loading = Lock()


def addresses(kernels: Iterable[Kernel]) -> dict[Kernel, int]:
    """The entry of each kernel. An entry takes one pointer, to its arguments in slots of 8 bytes.

    Code that is not in the cache on disk is made, and put there.
    """
    wanted = list(dict.fromkeys(kernels))
    with _loading:
        missing = _begin(wanted)
        codes = {key: _codes[key] for key in missing}
        try:
            _link({f"netc_{key}": code.result() for key, code in codes.items()})
        finally:
            for key in missing:
                _codes.pop(key, None)
        return {kernel: _addresses[f"netc_{kernel.key}"] for kernel in wanted}


def begin(kernels: Iterable[Kernel]) -> "Sequence[Future[bytes]]":
    """Begin to make the code of kernels that will be wanted, on threads of their own."""
    with _loading:
        return [_codes[key] for key in _begin(kernels)]


def _begin(kernels: Iterable[Kernel]) -> list[str]:
    """See that the code of kernels is there or on its way; gives the keys of what is to be linked.

    A single one is not worth a thread.
    """
    found = {kernel.key: kernel for kernel in kernels}
    missing = [key for key in found if f"netc_{key}" not in _addresses]
    new = []
    for key in missing:
        if key not in _codes:
            code = recall(key)
            if code is None:
                new.append(key)
            else:
                _codes[key] = _done(code)
    for key in new:
        kernel = found[key]
        if len(new) == 1:
            _codes[key] = _done(_made(kernel))
        else:
            _codes[key] = makers.begin(partial(_made, kernel))
    return missing


def _made(kernel: Kernel) -> bytes:
    code = machine_code(ir_text(kernel, host()))
    remember(kernel.key, code)
    return code


def _done(code: bytes) -> "Future[bytes]":
    done: Future[bytes] = Future()
    done.set_result(code)
    return done


def _link(codes: Mapping[str, bytes]) -> None:
    """Bring object files into memory, all at once, and note where their entries are."""
    for symbol, address in zip(codes, addresses_in(codes.values(), codes), strict=True):
        _addresses[symbol] = address


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


def addresses_in(codes: Iterable[bytes], symbols: Iterable[str]) -> list[int]:
    """The addresses of functions of object files, which are brought into memory for good."""
    llvm, engine = libraries(), _engine()
    for code in codes:
        engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    return [engine.get_function_address(symbol) for symbol in symbols]


@cache
def _engine() -> Any:
    llvm = libraries()
    # The engine owns its machine, so it gets one of its own.
    machine = llvm.Target.from_triple(host().triple).create_target_machine(jit=True)
    return llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)


def _after_fork() -> None:
    """What threads of the parent were making is made by nobody here."""
    global _loading
    _loading = Lock()
    _codes.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
