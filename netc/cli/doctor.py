"""`netc doctor`: what is installed, what the machine has, and what is wrong between them."""

import os
import platform
import sys
from dataclasses import asdict, dataclass
from importlib import metadata, util
from pathlib import Path

import click

from netc import __version__
from netc.cli import ends
from netc.cli.screen import color_option, json_option, print_json
from netc.cli.table import Column, columns
from netc.engines import usable_threads

NEEDED = ("numpy", "lark", "onnx", "onnxruntime", "safetensors", "click", "rich", "threadpoolctl")
"""Packages that netc cannot do without."""

EXTRAS = {"data": ("pillow", "PIL", "predict on PNG, JPEG and other images")}
"""Optional parts: the package that brings each, its module, and what it is for."""

_HELP = """Show versions, processors, threads, the BLAS behind NumPy, the providers of onnxruntime
and the optional parts, and say how to mend what is known to go wrong.

Ends with 1 where something must be mended.
"""


@dataclass(frozen=True)
class Blas:
    """A library that multiplies matrices. `kernels` are those it chose for this processor."""

    name: str
    version: str
    kernels: str
    threads: int


@dataclass(frozen=True)
class Trouble:
    """Something known to go wrong, and the way out. An urgent one stands in the way of work."""

    message: str
    help: str
    urgent: bool


@dataclass(frozen=True)
class Findings:
    """All that the doctor found."""

    netc: str
    python: str
    platform: str
    packages: dict[str, str | None]
    providers: list[str]
    cpu: str
    cores: int
    threads: int
    avx512: bool
    blas: list[Blas]
    extras: dict[str, bool]
    troubles: list[Trouble]


@click.command("doctor", help=_HELP, short_help="Show what is installed and what is wrong with it.")
@json_option
@color_option
@click.pass_context
def command(context: click.Context, as_json: bool) -> None:
    found = examine()
    if as_json:
        print_json(asdict(found))
    else:
        _show(found)
    context.exit(ends.PROBLEMS if any(t.urgent for t in found.troubles) else ends.DONE)


# ---- looking


def examine() -> Findings:
    """Look at everything. Takes a second: the heavy libraries are opened."""
    packages = {name: _version(name) for name in NEEDED}
    blas, avx512 = _blas(), _has_avx512()
    extras = {name: util.find_spec(module) is not None for name, (_, module, _) in EXTRAS.items()}
    return Findings(
        netc=__version__,
        python=platform.python_version(),
        platform=platform.platform(terse=True),
        packages=packages,
        providers=_providers(),
        cpu=_cpu_name(),
        cores=os.cpu_count() or 1,
        threads=usable_threads(),
        avx512=avx512,
        blas=blas,
        extras=extras,
        troubles=[*_missing(packages), *_two_runtimes(), *_slow_kernels(blas, avx512=avx512)],
    )


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _providers() -> list[str]:
    try:
        import onnxruntime
    except ImportError:
        return []
    return [p.removesuffix("ExecutionProvider") for p in onnxruntime.get_available_providers()]


def _blas() -> list[Blas]:
    try:
        import numpy  # noqa: F401  (loads the library that is looked at)
        from threadpoolctl import threadpool_info
    except ImportError:
        return []
    return [
        Blas(
            str(library["internal_api"]),
            str(library.get("version") or "?"),
            str(library.get("architecture") or "?"),
            int(library["num_threads"]),
        )
        for library in threadpool_info()
        if library["user_api"] == "blas"
    ]


def _cpu_facts() -> dict[str, str]:
    """What Linux says of the first processor; nothing elsewhere."""
    facts: dict[str, str] = {}
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return facts
    for line in lines:
        name, _, value = line.partition(":")
        facts.setdefault(name.strip(), value.strip())
    return facts


def _cpu_name() -> str:
    return _cpu_facts().get("model name") or platform.processor() or platform.machine()


def _has_avx512() -> bool:
    return "avx512f" in _cpu_facts().get("flags", "").split()


def _missing(packages: dict[str, str | None]) -> list[Trouble]:
    absent = [name for name, version in packages.items() if version is None]
    # onnxruntime may come in a package of another name.
    absent = [name for name in absent if util.find_spec(name) is None]
    if not absent:
        return []
    names = ", ".join(absent)
    return [Trouble(f"netc needs {names}", f"pip install {' '.join(absent)}", True)]


def _two_runtimes() -> list[Trouble]:
    both = ("onnxruntime", "onnxruntime-gpu")
    if any(_version(name) is None for name in both):
        return []
    return [
        Trouble(
            "onnxruntime and onnxruntime-gpu are both installed, and lie in the same folder: "
            "files of one overwrite the other, and usually the GPU is not found",
            "pip uninstall -y onnxruntime onnxruntime-gpu && pip install onnxruntime-gpu",
            True,
        )
    ]


def _slow_kernels(blas: list[Blas], *, avx512: bool) -> list[Trouble]:
    if not avx512 or not any(b.name == "openblas" and b.kernels == "Haswell" for b in blas):
        return []
    return [
        Trouble(
            "OpenBLAS does not know this processor: it has AVX-512, and the kernels for Haswell "
            "are used, with which large matrix products take about twice as long",
            "OPENBLAS_CORETYPE=SkylakeX netc train ...",
            False,
        )
    ]


# ---- showing


def _show(found: Findings) -> None:
    rows = [
        ("netc", found.netc),
        ("python", f"{found.python}, {sys.executable}"),
        ("system", found.platform),
        ("processor", f"{found.cpu}{', with AVX-512' if found.avx512 else ''}"),
        ("cores", f"{found.cores}, of which netc may use {found.threads}"),
        *(("BLAS", f"{b.name} {b.version}, kernels for {b.kernels}") for b in found.blas),
        ("onnxruntime", f"runs on {', '.join(found.providers) or 'nothing'}"),
        *((name, version or "not installed") for name, version in found.packages.items()),
        *((f"netc[{n}]", _extra(n, present=has)) for n, has in found.extras.items()),
    ]
    click.echo(columns((Column(""), Column("")), rows))
    for trouble in found.troubles:
        word, tone = ("problem", "red") if trouble.urgent else ("note", "yellow")
        head = click.style(word, fg=tone, bold=True)
        click.echo(f"\n{head}: {trouble.message}\n  {click.style(trouble.help, bold=True)}")
    if not any(trouble.urgent for trouble in found.troubles):
        click.echo("\nnothing needs mending")


def _extra(name: str, *, present: bool) -> str:
    package, _, purpose = EXTRAS[name]
    if present:
        return f"installed ({package}): {purpose}"
    return f'not installed; pip install "netc[{name}]" to {purpose}'
