"""What is found out about the machine, and whether kernels can be made on it."""

import builtins
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from netc.native import caches, ready
from netc.native.caches import USUAL, cache_bytes


def linux(folder: Path, *indices: tuple[str, str, str]) -> Path:
    for number, facts in enumerate(indices):
        index = folder / f"index{number}"
        index.mkdir()
        for name, fact in zip(("level", "type", "size"), facts, strict=True):
            (index / name).write_text(f"{fact}\n")
    return folder


@pytest.fixture(autouse=True)
def on_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caches.sys, "platform", "linux")


def test_caches_are_those_of_data(tmp_path: Path) -> None:
    folder = linux(
        tmp_path,
        ("1", "Instruction", "64K"),
        ("1", "Data", "48K"),
        ("2", "Unified", "2M"),
        ("3", "Unified", "32768K"),
    )
    assert cache_bytes(1, folder) == 48 << 10
    assert cache_bytes(2, folder) == 2 << 20


@pytest.mark.parametrize("size", ["", "many", "K"])
def test_what_the_system_does_not_tell_is_taken_as_usual(tmp_path: Path, size: str) -> None:
    folder = linux(tmp_path, ("1", "Data", size))
    assert cache_bytes(1, folder) == USUAL[1]
    assert cache_bytes(2, tmp_path / "nothing") == USUAL[2]


def test_the_host_has_vectors_and_caches() -> None:
    pytest.importorskip("llvmlite")
    from netc.native.target import host

    target = host()
    assert target.vector_bytes in (16, 32, 64)
    assert target.lanes("f32") == 2 * target.lanes("f64")
    assert 4 << 10 <= target.level1_bytes <= target.level2_bytes


def test_a_processor_that_llvm_cannot_ask_about_has_the_vectors_that_all_have(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    llvm = pytest.importorskip("llvmlite.binding")
    from netc.native.target import host

    def fail() -> None:
        raise RuntimeError("no features")

    monkeypatch.setattr(llvm, "get_host_cpu_features", fail)
    assert host.__wrapped__().vector_bytes == 16


def test_kernels_can_be_made_where_llvmlite_is() -> None:
    pytest.importorskip("llvmlite")
    assert ready.why_not.__wrapped__() is None


def test_without_llvmlite_there_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *rest: Any) -> Any:
        if name == "llvmlite":
            raise ImportError("No module named 'llvmlite'")
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)
    reason = ready.why_not.__wrapped__()
    assert reason == "llvmlite cannot be imported: No module named 'llvmlite'"


@pytest.mark.parametrize("version", ["0.43.0", "0.9"])
def test_an_old_llvmlite_is_a_reason(monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    monkeypatch.setitem(__import__("sys").modules, "llvmlite", SimpleNamespace(__version__=version))
    reason = ready.why_not.__wrapped__()
    assert reason == f"llvmlite is {version}, and 0.44 or later is needed"


def test_a_system_on_which_code_cannot_be_made_is_a_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("llvmlite")

    def fail(threads: int) -> None:
        raise RuntimeError("no memory may be made executable")

    monkeypatch.setattr(ready, "Crew", fail)
    reason = ready.why_not.__wrapped__()
    assert reason == "LLVM makes no code here: no memory may be made executable"


@pytest.mark.parametrize(("asked", "widest"), [("16", 16), ("32", 32), ("", 64), ("many", 64)])
def test_vectors_may_be_narrower_than_those_of_the_machine(
    monkeypatch: pytest.MonkeyPatch, asked: str, widest: int
) -> None:
    pytest.importorskip("llvmlite")
    from netc.native.target import host

    monkeypatch.delenv("NETC_VECTORS", raising=False)
    own = host.__wrapped__()
    monkeypatch.setenv("NETC_VECTORS", asked)
    made = host.__wrapped__()
    assert made.vector_bytes == min(own.vector_bytes, widest)
    assert made == own or made.features != own.features
