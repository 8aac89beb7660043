"""What was set in a spec from outside, as changes to the author's text."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import get_args

from netc import spec
from netc.diag import Source, Span
from netc.formats import is_same, text_of

Change = tuple[Span, str]
"""A part of the author's text, and what is to stand there instead."""

_VALUES = get_args(spec.Value)


def differences(before: object, now: object) -> Iterator[Change]:
    """The values of one tree that are others in another of the same form.

    Where the trees are not of the same form there is nothing to say: who puts the changes into the
    text must compare what it then says.
    """
    if isinstance(before, Span | Source) or is_same(before, now):
        return
    if _is_replaced(before, now):
        yield before.span, text_of(now)  # type: ignore[attr-defined, arg-type]
    elif isinstance(before, tuple) and isinstance(now, tuple):
        for old, new in zip(before, now, strict=False):
            yield from differences(old, new)
    elif is_dataclass(before) and type(before) is type(now):
        for field in fields(before):
            yield from differences(getattr(before, field.name), getattr(now, field.name))


def _is_replaced(before: object, now: object) -> bool:
    """Whether one value stands in the place of another as a whole: calls with the same arguments
    differ in their arguments, and so do lists in their items."""
    if not isinstance(before, _VALUES) or not isinstance(now, _VALUES):
        return False
    if isinstance(before, spec.Call) and isinstance(now, spec.Call):
        names = [[a.name and a.name.text for a in each.arguments] for each in (before, now)]
        return before.type.text != now.type.text or names[0] != names[1]
    if isinstance(before, spec.List) and isinstance(now, spec.List):
        return len(before.items) != len(now.items)
    return True


def differences_of_training(
    before: spec.TrainSpec | None, now: spec.TrainSpec | None
) -> Iterator[Change]:
    """Settings that are others in another `train` section, and new ones at its end."""
    if before is None or now is None:
        return
    for old, new in zip(before.settings, now.settings, strict=False):
        if old.name.text == new.name.text:
            yield from differences(old.value, new.value)
        else:
            yield old.span, _line(new, width=old.value.span.start - old.span.start)
    end = Span(before.span.source, before.span.end - 1, before.span.end - 1)
    for new in now.settings[len(before.settings) :]:
        yield end, f"    {_line(new, width=10)}\n"


def _line(setting: spec.Setting, *, width: int) -> str:
    """A setting with its value behind so many letters, as far as its name leaves them."""
    return f"{setting.name.text:<{max(width - 1, 0)}} {text_of(setting.value)}"
