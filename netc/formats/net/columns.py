"""Neighbouring lines lined up: settings, roles and constants by their names, and remarks."""

from collections.abc import Iterator

from netc.formats.net.layout import Line, spelled

_HEADS = {"output": 1, "loss": 1, "metric": 1, "let": 2}
"""How many pieces stand in the first column of a statement."""

_KINDS = {"output": "role", "loss": "role", "metric": "role", "let": "let"}


def line_up(lines: list[Line]) -> list[str]:
    """The lines as text, names and remarks in columns."""
    for run in _runs(lines):
        widths = [len(spelled(line.pieces[: line.head])) for line in run]
        widest = max(widths, default=0)
        for line, width in zip(run, widths, strict=True):
            line.gap = widest - width + 1
    texts = [line.text() for line in lines]
    _append_comments(lines, texts)
    return texts


def _runs(lines: list[Line]) -> Iterator[list[Line]]:
    """Neighbouring statements of a kind. Remarks, and lines that go on, do not part them."""
    run: list[Line] = []
    kind_before = None
    in_train = 0
    for line in lines:
        first = line.pieces[0]
        kind, line.head = "", 0
        if first.begins and in_train:
            kind, line.head = "setting", 1
        elif first.begins:
            kind, line.head = _KINDS.get(first.text, ""), _HEADS.get(first.text, 0)
        if line.is_apart or (first.begins and (kind, line.level) != kind_before):
            yield run
            run = []
        if first.begins:
            kind_before = (kind, line.level)
        if line.head:
            run.append(line)
        for piece in line.pieces:
            in_train += (piece.opens == "train") - (piece.closes == "train")
    yield run


def _append_comments(lines: list[Line], texts: list[str]) -> None:
    """Put comments behind their lines, in one column where such lines follow each other."""
    run: list[int] = []
    for at, line in enumerate([*lines, Line()]):
        if line.comment and not (run and line.is_apart):
            run.append(at)
            continue
        column = max((len(texts[each]) for each in run), default=0) + 2
        for each in run:
            texts[each] = f"{texts[each]:<{column}}{lines[each].comment}"
        run = [at] if line.comment else []
