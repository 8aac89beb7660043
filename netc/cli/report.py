"""`netc test --report`: where a model is right and wrong, as a page and as JSON."""

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path

import numpy as np

from netc.cli.drawing import stretched
from netc.cli.exam import Exam, image_field
from netc.files import write_file
from netc.training import MetricValue
from netc.types import Array
from netc.visualize import png

_MOST_SHOWN = 48
"""Wrong examples that are reported, the surest first."""

_WIDEST_TABLE = 100
"""Classes up to which the page has a table of confusions."""


@dataclass(frozen=True)
class ClassResult:
    """One class: its test examples, the part of them that was found (recall), and the part of the
    answers with its name that were right (precision); None where there is nothing to divide."""

    name: str
    examples: int
    recall: float | None
    precision: float | None


@dataclass(frozen=True)
class WrongAnswer:
    """A test example by its number, what was answered and how surely, and what is right."""

    index: int
    answered: str
    right: str
    score: float | None


@dataclass(frozen=True)
class Report:
    """What an exam says of every class. `confusion[i][j]` counts examples of class i answered j;
    `worst` are wrong examples, the surest answers first."""

    examples: int
    right: int
    classes: tuple[ClassResult, ...]
    confusion: tuple[tuple[int, ...], ...]
    worst: tuple[WrongAnswer, ...]


def write_report(
    exam: Exam,
    folder: Path,
    title: str,
    metrics: Mapping[str, MetricValue] | None = None,
    told: str = "",
) -> Path:
    """Write `report.json` and `index.html` into a folder, which is made; give the page's path.

    `metrics` are those of the net over the same examples, and `told` is the same as text.
    """
    folder.mkdir(parents=True, exist_ok=True)
    report = report_of(exam)
    facts = asdict(report) | {"metrics": dict(metrics or {})}
    document = json.dumps(facts, indent=2, ensure_ascii=False) + "\n"
    write_file(folder / "report.json", document.encode())
    page = folder / "index.html"
    write_file(page, _page(exam, report, title, told).encode())
    return page


def report_of(exam: Exam) -> Report:
    """Count answers by class."""
    size = len(exam.names)
    confusion = np.zeros((size, size), np.int64)
    np.add.at(confusion, (exam.right, exam.answered), 1)
    found, actual, claimed = confusion.diagonal(), confusion.sum(axis=1), confusion.sum(axis=0)
    classes = tuple(
        ClassResult(
            exam.names[i],
            int(actual[i]),
            _ratio(found[i], actual[i]),
            _ratio(found[i], claimed[i]),
        )
        for i in range(size)
    )
    return Report(
        len(exam.right),
        int(found.sum()),
        classes,
        tuple(tuple(row) for row in confusion.tolist()),
        _worst(exam),
    )


def _ratio(part: int, whole: int) -> float | None:
    return float(part / whole) if whole else None


def _worst(exam: Exam) -> tuple[WrongAnswer, ...]:
    surest = exam.wrong[np.argsort(-exam.sure[exam.wrong], kind="stable")]
    return tuple(_wrong(exam, index) for index in surest[:_MOST_SHOWN].tolist())


def _wrong(exam: Exam, index: int) -> WrongAnswer:
    score = float(exam.sure[index])
    answered, right = exam.names[exam.answered[index]], exam.names[exam.right[index]]
    return WrongAnswer(index, answered, right, score if np.isfinite(score) else None)


# ---- the page

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 60em; color: #222 }
table { border-collapse: collapse; margin: 1em 0 } th { font-weight: 600; text-align: left }
th, td { padding: .2em .6em } td { text-align: right; font-variant-numeric: tabular-nums }
.confusion td { min-width: 2em; text-align: center } .confusion td.right { font-weight: 600 }
.worst { display: flex; flex-wrap: wrap; gap: 1em } figure { margin: 0; width: 96px }
img { width: 96px; image-rendering: pixelated; display: block } figcaption { font-size: 13px }
"""


def _page(exam: Exam, report: Report, title: str, told: str) -> str:
    part = 100 * report.right / max(report.examples, 1)
    wrong = report.examples - report.right
    shown = f", the {len(report.worst)} surest of {wrong:,}" if wrong > len(report.worst) else ""
    return f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>
<h1>{escape(title)}</h1>
<p>{report.right:,} of {report.examples:,} test examples are right ({part:.2f} %).</p>
{f"<pre>{escape(told)}</pre>" if told else ""}
<h2>Confusion</h2>
<p>A row is what the examples are, a column what was answered.</p>
{_confusion_table(report)}
<h2>Classes</h2>
{_class_table(report)}
<h2>Wrong answers{shown}</h2>
<div class="worst">{_figures(exam, report) or "none"}</div>
</html>
"""


def _confusion_table(report: Report) -> str:
    if len(report.classes) > _WIDEST_TABLE:
        return f"<p>{len(report.classes):,} classes are too many for a table: see report.json.</p>"
    names = [escape(c.name) for c in report.classes]
    head = "".join(f"<th>{name}</th>" for name in names)
    rows = []
    for i, (name, counts) in enumerate(zip(names, report.confusion, strict=True)):
        total = max(sum(counts), 1)
        cells = "".join(_cell(n, n / total, is_right=i == j) for j, n in enumerate(counts))
        rows.append(f"<tr><th>{name}</th>{cells}</tr>")
    return f'<table class="confusion"><tr><th></th>{head}</tr>{"".join(rows)}</table>'


def _cell(count: int, part: float, *, is_right: bool) -> str:
    """A count on a ground that is the stronger, the larger its part of the row."""
    color = "33, 102, 172" if is_right else "214, 96, 77"
    strength = part * 0.5 if is_right else min(1.0, part * 6)
    kind = ' class="right"' if is_right else ""
    return f'<td{kind} style="background: rgba({color}, {strength:.2f})">{count or ""}</td>'


def _class_table(report: Report) -> str:
    rows = "".join(
        f"<tr><th>{escape(c.name)}</th><td>{c.examples:,}</td><td>{_percent(c.recall)}</td>"
        f"<td>{_percent(c.precision)}</td></tr>"
        for c in report.classes
    )
    head = "<th>class</th><th>examples</th><th>found (recall)</th><th>right when said (precision)"
    return f"<table><tr>{head}</th></tr>{rows}</table>"


def _percent(part: float | None) -> str:
    return "-" if part is None else f"{100 * part:.2f} %"


def _figures(exam: Exam, report: Report) -> str:
    field = image_field(exam)
    figures = []
    for wrong in report.worst:
        image = "" if field is None else _image(exam.examples.fields[field].data[wrong.index])
        score = "" if wrong.score is None else f" ({wrong.score:.3g})"
        caption = f"{escape(wrong.answered)}{score}, is {escape(wrong.right)}"
        figures.append(
            f"<figure>{image}<figcaption>{caption}<br>example {wrong.index:,}</figcaption></figure>"
        )
    return "".join(figures)


def _image(values: Array) -> str:
    pixels = stretched(values if len(values) in (1, 3) else values[:1])
    return f'<img alt="" src="data:image/png;base64,{b64encode(png(pixels)).decode()}">'
