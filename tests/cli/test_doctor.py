"""`netc doctor`: what it finds on this machine."""

import json
import platform

import numpy as np
import pytest

from netc import __version__
from netc.cli import doctor
from netc.cli.doctor import NEEDED, Blas, _no_kernels, _slow_blas
from netc.native import About, why_not
from netc.native.about import Kept
from tests.cli.conftest import Run


def test_the_doctor_knows_the_versions(run: Run) -> None:
    document = json.loads(run("doctor", "--json").stdout)
    assert document["netc"] == __version__
    assert document["python"] == platform.python_version()
    assert document["packages"]["numpy"] == np.__version__
    assert set(document["packages"]) == set(NEEDED)
    assert "CPU" in document["providers"]
    assert document["threads"] <= document["cores"]


def test_the_text_says_the_same(run: Run) -> None:
    text = run("doctor").stdout
    assert f"netc           {__version__}" in text
    assert "nothing needs mending" in text
    assert "netc[data]" in text


def test_kernels_of_another_processor_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENBLAS_CORETYPE", raising=False)
    haswell, skylake = (Blas("openblas", "0.3", kernels, 2) for kernels in ("Haswell", "SkylakeX"))
    (found,) = _slow_blas([haswell], avx512=True)
    assert "OPENBLAS_CORETYPE=SkylakeX" in found.help
    assert not found.urgent
    assert _slow_blas([haswell], avx512=False) == []
    assert _slow_blas([skylake], avx512=True) == []


def test_a_variable_that_slows_openblas_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
    (found,) = _slow_blas([Blas("openblas", "0.3", "Haswell", 2)], avx512=True)
    assert found.message.startswith("OPENBLAS_CORETYPE=Haswell keeps OpenBLAS from using AVX-512")
    assert found.help == "unset OPENBLAS_CORETYPE"


@pytest.mark.skipif(why_not() is not None, reason=str(why_not()))
def test_it_tells_what_kernels_are_made_with(run: Run) -> None:
    kernels = json.loads(run("doctor", "--json").stdout)["kernels"]
    assert kernels["vector_bits"] in (128, 256, 512)
    assert kernels["level1_bytes"] < kernels["level2_bytes"]
    assert f"(LLVM {kernels['llvm']})" in run("doctor").stdout


def test_without_kernels_it_says_why(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "about", lambda: "llvmlite cannot be imported: gone")
    assert json.loads(run("doctor", "--json").stdout)["kernels"].startswith("llvmlite cannot")
    done = run("doctor")
    assert "kernels        none: llvmlite cannot be imported: gone" in done.stdout
    assert "training and inference run by NumPy alone" in done.stdout


def test_a_cache_that_cannot_be_used_is_noticed() -> None:
    kept = Kept("/cache", 0, "Read-only file system")
    (found,) = _no_kernels(About("0.50", "22.1", "znver5", 512, 1, 2, kept))
    assert "/cache cannot be used: Read-only file system" in found.message
    assert not found.urgent
