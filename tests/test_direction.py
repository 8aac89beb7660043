"""Imports point one way over the packages of netc, and stop at the front of a package."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "netc"

ORDER = (
    "netc",
    "processor",
    "types",
    "sizes",
    "options",
    "diag",
    "files",
    "room",
    "spec",
    "highlight",
    "formats",
    "kernels",
    "layers",
    "ir",
    "expand",
    "draw",
    "passes",
    "plan",
    "summary",
    "engines",
    "native",
    "export",
    "training",
    "exchange",
    "searching",
    "timing",
    "visualize",
    "api",
    "calibration",
    "exploration",
    "cli",
    "__main__",
)
"""Each may import those before it. `netc` is the package's own `__init__`: it holds the version,
and imports the rest when it is asked for.
"""

SHELVES = {"kernels"}
"""Packages without a front: each of their modules is one."""

HEAVY = {
    "onnx",
    "onnxruntime",
    "torch",
    "rich",
    "safetensors",
    "threadpoolctl",
    "llvmlite",
    "click",
    "pygments",
}
"""Libraries that may be imported late, so that the rest starts fast or works without them."""

LATE = {"cli", "export", "api", "formats", "netc", "__main__"}
"""Where netc's own packages may be imported late: start-up time is decided there. `formats` imports
what reads a language when a file of it is there.
"""

FILES = sorted(ROOT.rglob("*.py"))


def package_of(module: str) -> str:
    """`netc.formats.net.parse` -> `formats`; `netc` alone stays `netc`."""
    return module.split(".")[1] if "." in module else module


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(tree: ast.Module) -> Iterator[tuple[ast.stmt, str, bool]]:
    """Every imported module, and whether the import stands inside a function."""
    functions = (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))
    inside = {id(inner) for function in functions for inner in ast.walk(function)}
    for node in ast.walk(tree):
        hidden = id(node) in inside
        if isinstance(node, ast.Import):
            yield from ((node, alias.name, hidden) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "netc":
            names = [alias.name for alias in node.names]
            yield from ((node, f"netc.{n}" if n in ORDER else "netc", hidden) for n in names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written out in full"
            yield node, node.module or "", hidden


def is_front(module: str) -> bool:
    """Whether a module is what others may import: a package's `__init__`, or a file at the top."""
    return module.count(".") <= 1


def test_every_package_has_its_place_in_the_order() -> None:
    assert {package_of(module_of(path)) for path in FILES} == set(ORDER)


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_imports_point_one_way(path: Path) -> None:
    here = package_of(module_of(path))
    for node, module, _ in imports(ast.parse(path.read_text(encoding="utf-8"))):
        if module.split(".")[0] == "netc" and here != "netc":
            there = package_of(module)
            backwards = ORDER.index(there) > ORDER.index(here)
            assert not backwards, f"line {node.lineno}: {here} may not import {there}"


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_nobody_imports_past_a_package_front(path: Path) -> None:
    here = package_of(module_of(path))
    for node, module, _ in imports(ast.parse(path.read_text(encoding="utf-8"))):
        inside = package_of(module) == here or package_of(module) in SHELVES
        if module.split(".")[0] == "netc" and not inside:
            assert is_front(module), f"line {node.lineno}: `{module}` is inside a package"


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_imports_stand_at_the_top(path: Path) -> None:
    here = package_of(module_of(path))
    for node, module, hidden in imports(ast.parse(path.read_text(encoding="utf-8"))):
        if hidden and module.split(".")[0] == "netc":
            assert here in LATE, f"line {node.lineno}: `{module}` is imported in a function"
        elif hidden:
            known = module.split(".")[0] in HEAVY or here in LATE
            assert known, f"line {node.lineno}: `{module}` is imported in a function"


@pytest.mark.parametrize("path", sorted(ROOT.rglob("__init__.py")), ids=module_of)
def test_a_front_has_all_that_it_names(path: Path) -> None:
    front = importlib.import_module(module_of(path))
    for name in getattr(front, "__all__", ()):
        assert hasattr(front, name), name
