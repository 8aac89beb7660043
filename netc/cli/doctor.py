"""`netc doctor`: what is installed, what the machine has, and what is wrong between them."""

import os
import platform
import sys
from dataclasses import asdict, dataclass
from importlib import metadata, util

import click

from netc import __version__, processor
from netc.cli import ends
from netc.cli.screen import color_option, json_option, print_json
from netc.cli.table import Column, columns
from netc.engines import usable_threads
from netc.native import About, about

NEEDED = ("numpy", "lark", "onnx", "onnxruntime", "safetensors", "click", "rich", "threadpoolctl")
"""Packages that netc cannot do without."""

EXTRAS = {"data": ("pillow", "PIL", "predict on PNG, JPEG and other images")}
"""Optional parts: the package that brings each, its module, and what it is for."""

_HELP = """Show versions, processors, threads, the BLAS behind NumPy, what kernels are made with,
the providers of onnxruntime and the optional parts, and say how to mend what is known to go wrong.

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
    kernels: About | str
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
    blas, avx512, kernels = _blas(), processor.has_avx512(), about()
    extras = {name: util.find_spec(module) is not None for name, (_, module, _) in EXTRAS.items()}
    return Findings(
        netc=__version__,
        python=platform.python_version(),
        platform=platform.platform(terse=True),
        packages=packages,
        providers=_providers(),
        cpu=processor.name(),
        cores=os.cpu_count() or 1,
        threads=usable_threads(),
        avx512=avx512,
        blas=blas,
        kernels=kernels,
        extras=extras,
        troubles=[
            *_missing(packages),
            *_two_runtimes(),
            *_slow_blas(blas, avx512=avx512),
            *_no_kernels(kernels),
        ],
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


def _slow_blas(blas: list[Blas], *, avx512: bool) -> list[Trouble]:
    if not avx512 or not any(b.name == "openblas" and b.kernels == "Haswell" for b in blas):
        return []
    own = os.environ.get(processor.CORETYPE)
    if own:
        fact = f"{processor.CORETYPE}={own} keeps OpenBLAS from using AVX-512"
        way = f"unset {processor.CORETYPE}"
    else:
        fact = "OpenBLAS does not know this processor: it has AVX-512, and uses that of a Haswell"
        way = f"{processor.CORETYPE}=SkylakeX netc train ..."
    return [Trouble(f"{fact}; large matrix products take about twice as long", way, False)]


def _no_kernels(kernels: About | str) -> list[Trouble]:
    """Without kernels nothing is wrong, only slow."""
    if isinstance(kernels, str):
        slow = "training and inference run by NumPy alone, a few times slower"
        return [Trouble(f"{kernels}; {slow}", "pip install --upgrade llvmlite", False)]
    if kernels.kept is not None and kernels.kept.trouble:
        fact = f"kernels are made anew in each run, as {kernels.kept.folder} cannot be used"
        return [Trouble(f"{fact}: {kernels.kept.trouble}", "NETC_CACHE=FOLDER netc ...", False)]
    return []


# ---- showing


def _show(found: Findings) -> None:
    rows = [
        ("netc", found.netc),
        ("python", f"{found.python}, {sys.executable}"),
        ("system", found.platform),
        ("processor", f"{found.cpu}{', with AVX-512' if found.avx512 else ''}"),
        ("cores", f"{found.cores}, of which netc may use {found.threads}"),
        *(("BLAS", f"{b.name} {b.version}, kernels for {b.kernels}") for b in found.blas),
        *_kernel_rows(found.kernels),
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


def _kernel_rows(kernels: About | str) -> list[tuple[str, str]]:
    if isinstance(kernels, str):
        return [("kernels", f"none: {kernels}")]
    caches = ", ".join(
        f"L{level} {bytes >> 10} KB"
        for level, bytes in ((1, kernels.level1_bytes), (2, kernels.level2_bytes))
    )
    made = f"llvmlite {kernels.llvmlite} (LLVM {kernels.llvm}) for {kernels.processor}"
    kept = kernels.kept
    if kept is None:
        place = "nowhere: NETC_CACHE is off"
    elif kept.trouble:
        place = f"nowhere: {kept.folder}: {kept.trouble}"
    else:
        place = f"in {kept.folder}, {kept.bytes / 1e6:.1f} MB"
    vectors = f"vectors of {kernels.vector_bits} bits"
    return [("kernels", f"{made}: {vectors}, {caches}"), ("kept", place)]


def _extra(name: str, *, present: bool) -> str:
    package, _, purpose = EXTRAS[name]
    if present:
        return f"installed ({package}): {purpose}"
    return f'not installed; pip install "netc[{name}]" to {purpose}'
