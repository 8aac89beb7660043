"""Every kind of problem is documented and called as it should be."""

import re
from string import Formatter

import pytest

import netc.cli.shelves  # noqa: F401  with it the catalogue is whole
from netc.diag import CATALOGUE
from netc.options import manual

KINDS = list(CATALOGUE.values())


@pytest.mark.parametrize("kind", KINDS, ids=list(CATALOGUE))
def test_a_kind_is_called_by_what_is_wrong(kind: type) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", kind.slug)  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", KINDS, ids=list(CATALOGUE))
def test_a_kind_has_a_manual(kind: type) -> None:
    first = manual(kind)[0].split("\n\n")[0]
    assert first.endswith((".", ":")), first


@pytest.mark.parametrize("kind", KINDS, ids=list(CATALOGUE))
def test_texts_speak_of_facts_that_the_kind_has(kind: type) -> None:
    for name in ("message", "label", "note", "help"):
        fields = {field for _, field, _, _ in Formatter().parse(getattr(kind, name)) if field}
        assert fields <= set(kind.__dataclass_fields__), f"{name}: {fields}"  # type: ignore[attr-defined]
