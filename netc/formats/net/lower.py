"""Lark's tree turned into a spec: the same words, with places, in the project's own classes."""

from typing import Any

from lark import Token, Tree

from netc import spec
from netc.diag import Source, Span

Item = spec.NetSpec | spec.TrainSpec


class Lower:
    """Turns trees of one source into spec nodes, one small method for each rule."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def items(self, tree: Tree[Token]) -> list[Item]:
        """The sections of a file, in their order."""
        return [self._make(child) for child in tree.children]

    def _make(self, tree: Any) -> Any:
        if isinstance(tree, Token):
            return self._token(tree)
        return getattr(self, f"_{tree.data}")(tree.children, self._span(tree))

    def _span(self, tree: Tree[Token]) -> Span:
        return Span(self._source, tree.meta.start_pos, tree.meta.end_pos)

    def _token(self, token: Token) -> Any:
        start = token.start_pos or 0
        span = Span(self._source, start, start + len(token))
        match token.type:
            case "NUMBER":
                return spec.Number(_number(token), span)
            case "STRING":
                return spec.Text(token[1:-1], span)
            case "TRUE" | "FALSE":
                return spec.Boolean(token.type == "TRUE", span)
            case _:
                return spec.Name(str(token), span)

    def _all(self, children: list[Any]) -> tuple[Any, ...]:
        return tuple(self._make(child) for child in children)

    def _net(self, children: list[Any], span: Span) -> spec.NetSpec:
        name, body = children
        return spec.NetSpec(self._make(name), self._all(body.children), span)

    def _train(self, children: list[Any], span: Span) -> spec.TrainSpec:
        return spec.TrainSpec(self._all(children), span)

    def _setting(self, children: list[Any], span: Span) -> spec.Setting:
        name, value = self._all(children)
        return spec.Setting(name, value, span)

    def _input(self, children: list[Any], span: Span) -> spec.Input:
        name, type = self._all(children)
        return spec.Input(name, type, span)

    def _role(self, children: list[Any], span: Span) -> spec.Role:
        role, chain = self._all(children)
        return spec.Role(role, chain, span)

    def _chain(self, children: list[Any], span: Span) -> spec.Chain:
        name = None
        if isinstance(children[0], Token):
            name, *children = children
        return spec.Chain(self._make(name) if name else None, self._all(children), span)

    def _bare(self, children: list[Any], span: Span) -> spec.Name:
        name: spec.Name = self._make(children[0])
        return name

    _name = _bare

    def _tuple(self, children: list[Any], span: Span) -> spec.Tuple:
        return spec.Tuple(self._all(children), span)

    def _call(self, children: list[Any], span: Span) -> spec.Call:
        type, *arguments = self._all(children)
        return spec.Call(type, tuple(arguments), span)

    def _named(self, children: list[Any], span: Span) -> spec.Argument:
        name, value = self._all(children)
        return spec.Argument(name, value, span)

    def _positional(self, children: list[Any], span: Span) -> spec.Argument:
        return spec.Argument(None, self._make(children[0]), span)

    def _list(self, children: list[Any], span: Span) -> spec.List:
        return spec.List(self._all(children), span)


def _number(token: Token) -> int | float:
    """Digits alone are a whole number; a point or an exponent makes a real one."""
    digits = token.replace("_", "")
    if any(c in digits for c in ".eE"):
        return float(digits)
    return int(digits) if len(digits) < 400 else float("inf")
