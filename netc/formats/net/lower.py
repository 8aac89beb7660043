"""Lark's tree turned into a spec: the same words, with places, in the project's own classes."""

from collections.abc import Callable
from typing import Any, TypeVar

from lark import Token, Tree

from netc import spec
from netc.diag import Source, Span

T = TypeVar("T")
Item = spec.Use | spec.Let | spec.NetSpec | spec.Block | spec.TrainSpec


class Lower:
    """Turns trees of one source into spec nodes, one small method for each rule."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def items(self, tree: Tree[Token]) -> list[Item]:
        """The sections of a file, in their order."""
        return [self._make(child) for child in tree.children]

    def value(self, tree: Tree[Token] | Token) -> spec.Value:
        """The value that an expression stands for."""
        made: spec.Value = self._make(tree)
        return made

    def _make(self, tree: Any) -> Any:
        if isinstance(tree, Token):
            return self._token(tree)
        return getattr(self, f"_{tree.data}")(tree.children, self._span(tree))

    def _span(self, tree: Tree[Token]) -> Span:
        return self._at(tree.meta.start_pos, tree.meta.end_pos)

    def _at(self, start: int, end: int) -> Span:
        return Span(self._source, start, end)

    def _token(self, token: Token) -> Any:
        start = token.start_pos or 0
        span = self._at(start, start + len(token))
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

    def _made(self, kind: Callable[..., T], children: list[Any], span: Span) -> T:
        return kind(*self._all(children), span)

    # ---- sections

    def _use(self, children: list[Any], span: Span) -> spec.Use:
        return self._made(spec.Use, children, span)

    def _net(self, children: list[Any], span: Span) -> spec.NetSpec:
        name, parameters, body = self._section(children)
        return spec.NetSpec(name, body, span, parameters)

    def _block(self, children: list[Any], span: Span) -> spec.Block:
        name, parameters, body = self._section(children)
        return spec.Block(name, parameters, body, span)

    def _section(self, children: list[Any]) -> tuple[spec.Name, tuple[Any, ...], tuple[Any, ...]]:
        name, *parameters, body = self._all(children)
        return name, parameters[0] if parameters else (), body

    def _parameters(self, children: list[Any], span: Span) -> tuple[Any, ...]:
        return self._all(children)

    def _parameter(self, children: list[Any], span: Span) -> spec.Parameter:
        name, *default = self._all(children)
        return spec.Parameter(name, default[0] if default else None, span)

    def _train(self, children: list[Any], span: Span) -> spec.TrainSpec:
        return spec.TrainSpec(self._all(children), span)

    def _setting(self, children: list[Any], span: Span) -> spec.Setting:
        return self._made(spec.Setting, children, span)

    # ---- statements

    def _body(self, children: list[Any], span: Span) -> tuple[Any, ...]:
        return self._all(children)

    def _let(self, children: list[Any], span: Span) -> spec.Let:
        return self._made(spec.Let, children, span)

    def _input(self, children: list[Any], span: Span) -> spec.Input:
        name, type, *sizes = self._all(children)
        return spec.Input(name, type, span, sizes[0] if sizes else None)

    def _role(self, children: list[Any], span: Span) -> spec.Role:
        return self._made(spec.Role, children, span)

    def _shared(self, children: list[Any], span: Span) -> spec.Shared:
        return self._made(spec.Shared, children, span)

    def _for(self, children: list[Any], span: Span) -> spec.For:
        name, _, values, body = children
        return self._made(spec.For, [name, values, body], span)

    def _range(self, children: list[Any], span: Span) -> spec.Range:
        return self._made(spec.Range, children, span)

    def _repeat(self, children: list[Any], span: Span) -> spec.Repeat:
        return self._made(spec.Repeat, children, span)

    def _if(self, children: list[Any], span: Span) -> spec.If:
        condition, body, *otherwise = self._all(children)
        chosen = otherwise[0] if otherwise else None
        return spec.If(condition, body, (chosen,) if isinstance(chosen, spec.If) else chosen, span)

    def _when(self, children: list[Any], span: Span) -> spec.When:
        return self._made(spec.When, children, span)

    def _assert(self, children: list[Any], span: Span) -> spec.Assert:
        return self._made(spec.Assert, children, span)

    # ---- chains and calls

    def _chain(self, children: list[Any], span: Span) -> spec.Chain:
        name = None
        if children[0].data == "path":
            name, *children = children
        return spec.Chain(self._make(name) if name else None, self._all(children), span)

    def _path(self, children: list[Any], span: Span) -> spec.Name:
        return spec.Name(".".join(children), span)

    def _bare(self, children: list[Any], span: Span) -> Any:
        return self._make(children[0])

    _name = _bare

    def _join(self, children: list[Any], span: Span) -> spec.Join:
        return self._made(spec.Join, children, span)

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

    def _flow(self, children: list[Any], span: Span) -> spec.Argument:
        source, *steps = self._all(children)
        source = spec.dotted(source) or source
        return spec.Argument(None, spec.Chain(None, (source, *steps), span), span)

    # ---- expressions

    def _list(self, children: list[Any], span: Span) -> spec.List:
        return spec.List(self._all(children), span)

    def _table(self, children: list[Any], span: Span) -> spec.Table:
        return spec.Table(self._all(children), span)

    def _entry(self, children: list[Any], span: Span) -> spec.Entry:
        return self._made(spec.Entry, children, span)

    def _unary(self, children: list[Any], span: Span) -> Any:
        operator, operand = self._all(children)
        if isinstance(operand, spec.Number) and operator.text == "-" and operand.value >= 0:
            return spec.Number(-operand.value, span)
        return spec.Unary(operator, operand, span)

    def _binary(self, children: list[Any], span: Span) -> spec.Binary:
        left, operator, right = self._all(children)
        return spec.Binary(operator, left, right, span)

    def _not_in(self, children: list[Any], span: Span) -> spec.Binary:
        left, no, within, right = self._all(children)
        operator = spec.Name("not in", no.span.to(within.span))
        return spec.Binary(operator, left, right, span)

    def _conditional(self, children: list[Any], span: Span) -> spec.Conditional:
        return self._made(spec.Conditional, children, span)

    def _index(self, children: list[Any], span: Span) -> spec.Index:
        return self._made(spec.Index, children, span)

    def _attribute(self, children: list[Any], span: Span) -> spec.Attribute:
        return self._made(spec.Attribute, children, span)


def _number(token: Token) -> int | float:
    """Digits alone are a whole number; a point or an exponent makes a real one."""
    digits = token.replace("_", "")
    if any(c in digits for c in ".eE"):
        return float(digits)
    return int(digits) if len(digits) < spec.MOST_DIGITS else float("inf")
