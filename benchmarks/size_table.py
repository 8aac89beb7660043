"""How long the files and functions of netc are. The numbers are looked at; they fail nothing."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
LONG_FILE, LONG_FUNCTION = 300, 40

Size = tuple[int, str]


def main() -> None:
    files, functions = list[Size](), list[Size]()
    for path in sorted((ROOT / "netc").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        name = str(path.relative_to(ROOT))
        files.append((len(text.splitlines()), name))
        functions += _functions(name, ast.parse(text))
    print(f"{'':10}{'count':>7}{'lines':>8}{'median':>8}{'p90':>6}{'max':>6}")
    for title, sizes in (("files", files), ("functions", functions)):
        print(_row(title, sorted(n for n, _ in sizes)))
    for limit, sizes in ((LONG_FILE, files), (LONG_FUNCTION, functions)):
        for lines, name in sorted(sizes, reverse=True):
            if lines > limit:
                print(f"long: {name} has {lines} lines; is it about one thing?")


def _functions(name: str, tree: ast.Module) -> Iterator[Size]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield (node.end_lineno or node.lineno) - node.lineno + 1, f"{name}: {node.name}"


def _row(title: str, lines: list[int]) -> str:
    median, p90 = lines[len(lines) // 2], lines[len(lines) * 9 // 10]
    return f"{title:10}{len(lines):7}{sum(lines):8}{median:8}{p90:6}{lines[-1]:6}"


if __name__ == "__main__":
    main()
