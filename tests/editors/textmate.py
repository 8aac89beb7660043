"""A small reader of TextMate grammars, so that what editors colour can be tested without one.

It knows what the grammar of netc uses: match, begin and end, captures, patterns, include.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

GRAMMAR = Path(__file__).parents[2] / "editors/vscode/syntaxes/net.tmLanguage.json"

Rule = dict[str, Any]
Scopes = tuple[str, ...]


@dataclass(frozen=True)
class Piece:
    """A run of text and the scopes it has, the outermost first."""

    text: str
    scopes: Scopes


def grammar() -> Rule:
    return json.loads(GRAMMAR.read_text(encoding="utf-8"))


def rules(node: object) -> Iterator[Rule]:
    """Every rule of a grammar, however deep."""
    if isinstance(node, dict):
        if {"match", "begin", "include", "patterns", "name"} & node.keys():
            yield node
        node = list(node.values())
    if isinstance(node, list):
        for inner in node:
            yield from rules(inner)


def tokenize(text: str) -> list[list[Piece]]:
    """The pieces of every line; line by line, as editors do it."""
    whole = grammar()
    reader = _Reader(whole["repository"])
    stack = [_Frame(whole, (whole["scopeName"],))]
    return [reader.line(line, stack) for line in text.splitlines()]


@dataclass(frozen=True)
class _Frame:
    rule: Rule
    scopes: Scopes


class _Reader:
    def __init__(self, repository: Rule) -> None:
        self.repository = repository

    def line(self, line: str, stack: list[_Frame]) -> list[Piece]:
        pieces: list[Piece] = []
        at, steps = 0, 0
        while True:
            steps += 1
            assert steps < 10 * len(line) + 100, f"the grammar goes in circles in {line!r}"
            frame = stack[-1]
            found = self._first(frame, line, at)
            if found is None:
                _add(pieces, line[at:], frame.scopes)
                return pieces
            match, rule, is_end = found
            _add(pieces, line[at : match.start()], frame.scopes)
            at = match.end()
            if is_end:
                stack.pop()
                pieces += self._captured(match, rule.get("endCaptures", {}), frame.scopes)
                continue
            scopes = (*frame.scopes, rule["name"]) if "name" in rule else frame.scopes
            captures = rule.get("captures" if "match" in rule else "beginCaptures", {})
            pieces += self._captured(match, captures, scopes)
            if "begin" in rule:
                stack.append(_Frame(rule, scopes))

    def _first(self, frame: _Frame, line: str, at: int) -> tuple[re.Match[str], Rule, bool] | None:
        """The rule that matches first; of several at one place the one that stands first."""
        best: tuple[re.Match[str], Rule, bool] | None = None
        if "end" in frame.rule:
            match = _compiled(frame.rule["end"]).search(line, at)
            best = (match, frame.rule, True) if match else None
        for rule in self._flat(frame.rule.get("patterns", [])):
            match = _compiled(rule.get("match") or rule["begin"]).search(line, at)
            if match and (best is None or match.start() < best[0].start()):
                best = (match, rule, False)
        return best

    def _flat(self, patterns: list[Rule]) -> Iterator[Rule]:
        for rule in patterns:
            if "include" in rule:
                yield from self._flat([self.repository[rule["include"].removeprefix("#")]])
            elif "match" in rule or "begin" in rule:
                yield rule
            else:
                yield from self._flat(rule["patterns"])

    def _captured(self, match: re.Match[str], captures: Rule, scopes: Scopes) -> list[Piece]:
        pieces: list[Piece] = []
        at = match.start()
        for number in sorted(map(int, captures)):
            start, end = match.span(number)
            if start < 0:
                continue
            _add(pieces, match.string[at:start], scopes)
            capture = captures[str(number)]
            if "patterns" in capture:
                pieces += self.line(match[number], [_Frame(capture, scopes)])
            else:
                name = (*scopes, capture["name"])
                _add(pieces, match[number], name)
            at = end
        _add(pieces, match.string[at : match.end()], scopes)
        return pieces


def _add(pieces: list[Piece], text: str, scopes: Scopes) -> None:
    if text:
        pieces.append(Piece(text, scopes))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
