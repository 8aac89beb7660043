"""`netc doctor`: what it finds on this machine."""

import json
import platform

import numpy as np

from netc import __version__
from netc.cli.doctor import NEEDED, Blas, _slow_kernels
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


def test_kernels_of_another_processor_are_noticed() -> None:
    haswell, skylake = (Blas("openblas", "0.3", kernels, 2) for kernels in ("Haswell", "SkylakeX"))
    (found,) = _slow_kernels([haswell], avx512=True)
    assert "OPENBLAS_CORETYPE=SkylakeX" in found.help
    assert not found.urgent
    assert _slow_kernels([haswell], avx512=False) == []
    assert _slow_kernels([skylake], avx512=True) == []
