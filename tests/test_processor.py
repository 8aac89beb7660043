"""What the system says of the processor, and what OpenBLAS is told of it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from netc import processor

ZEN_5 = """processor	: 0
vendor_id	: AuthenticAMD
cpu family	: 26
model name	: AMD EPYC
flags		: fpu avx2 avx512f avx512dq avx512cd avx512bw avx512vl fma

processor	: 1
vendor_id	: Another
"""


@pytest.fixture
def cpuinfo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    file = tmp_path / "cpuinfo"
    file.write_text(ZEN_5)
    monkeypatch.setattr(processor, "_LINUX", file)
    monkeypatch.setattr(processor.sys, "platform", "linux")
    monkeypatch.delenv(processor.CORETYPE, raising=False)
    processor.facts.cache_clear()
    yield file
    processor.facts.cache_clear()


def test_the_first_processor_speaks_for_all(cpuinfo: Path) -> None:
    assert processor.name() == "AMD EPYC"
    assert processor.has_avx512()
    assert processor.facts()["vendor_id"] == "AuthenticAMD"


def test_openblas_is_told_of_a_processor_it_underrates(cpuinfo: Path) -> None:
    processor.tell_openblas()
    assert os.environ[processor.CORETYPE] == "SkylakeX"


@pytest.mark.parametrize("own", ["Haswell", ""])
def test_what_the_user_says_stands(
    cpuinfo: Path, monkeypatch: pytest.MonkeyPatch, own: str
) -> None:
    monkeypatch.setenv(processor.CORETYPE, own)
    processor.tell_openblas()
    assert os.environ[processor.CORETYPE] == own


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("AuthenticAMD", "GenuineIntel"),
        (": 26", ": 25"),
        (": 26", ": many"),
        (" avx512vl", ""),
        ("flags", "floods"),
        (ZEN_5, ""),
    ],
    ids=["intel", "zen 4", "no number", "no avx512vl", "no flags", "nothing"],
)
def test_openblas_knows_all_others_itself(cpuinfo: Path, old: str, new: str) -> None:
    cpuinfo.write_text(ZEN_5.replace(old, new))
    processor.tell_openblas()
    assert processor.CORETYPE not in os.environ


def test_where_there_is_no_such_file_nothing_is_said(cpuinfo: Path) -> None:
    cpuinfo.unlink()
    processor.tell_openblas()
    assert processor.CORETYPE not in os.environ
    assert processor.name()


_PROGRAM = """
import os, sys
import netc.processor
netc.processor.is_underrated = lambda: True
import netc.__main__ as command
import netc.cli.main
def main():
    import numpy
    print(os.environ.get("OPENBLAS_CORETYPE"))
netc.cli.main.main = main
print("numpy" in sys.modules)
command.main()
"""


@pytest.mark.parametrize(("own", "expected"), [(None, "SkylakeX"), ("Haswell", "Haswell")])
def test_the_command_tells_it_before_numpy_is_there(own: str | None, expected: str) -> None:
    environment = {k: v for k, v in os.environ.items() if k != processor.CORETYPE}
    if own:
        environment[processor.CORETYPE] = own
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM], env=environment, capture_output=True, text=True
    )
    assert done.stdout.split() == ["False", expected], done.stderr
