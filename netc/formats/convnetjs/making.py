"""Parts of a spec made from numbers and words, each at its place in the text."""

from collections.abc import Iterable

from netc import spec
from netc.diag import Source, Span
from netc.formats.convnetjs.values import Given
from netc.formats.json.nodes import Piece

Written = spec.Name | spec.Call
Simple = Given | spec.Value | list[int] | float | str


class Maker:
    """Makes the parts; what has no place of its own is given that of what it belongs to."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def span(self, piece: Piece) -> Span:
        return piece.span(self._source)

    def name(self, place: Piece, text: str) -> spec.Name:
        return spec.Name(text, self.span(place))

    def value(self, place: Piece, value: Simple) -> spec.Value:
        span = self.span(place)
        match value:
            case Given():
                return spec.Number(value.value, self.span(value.place))
            case bool():
                return spec.Boolean(value, span)
            case int() | float():
                return spec.Number(value, span)
            case str():
                return spec.Name(value, span)
            case list():
                return spec.List(tuple(self.value(place, each) for each in value), span)
        return value

    def call(
        self, place: Piece, kind: str, /, *inputs: Simple, **options: Simple | None
    ) -> Written:
        """A layer or another kind of thing; options that are None are left out. Without any
        argument it is a bare word."""
        span = self.span(place)
        arguments = [spec.Argument(None, self.value(place, each), span) for each in inputs]
        for name, value in options.items():
            if value is not None:
                made = self.value(place, value)
                arguments.append(spec.Argument(spec.Name(name, made.span), made, made.span))
        word = spec.Name(kind, span)
        return spec.Call(word, tuple(arguments), span) if arguments else word

    def invoked(self, place: Piece, kind: str, /, *inputs: Simple) -> spec.Call:
        """A call even where there is no argument."""
        made = self.call(place, kind, *inputs)
        return made if isinstance(made, spec.Call) else spec.Call(made, (), made.span)

    def chain(
        self, place: Piece, steps: Iterable[spec.Step], name: str | None = None
    ) -> spec.Chain:
        named = self.name(place, name) if name else None
        return spec.Chain(named, tuple(steps), self.span(place))

    def role(self, role: str, chain: spec.Chain) -> spec.Role:
        return spec.Role(spec.Name(role, chain.span), chain, chain.span)
