"""How deep a syntax tree may be: what walks it goes down a few calls for each level."""

from lark import Token, Tree

WAY_OUT = "name parts of it with `let`, or write a list or a table"
"""What to do about a tree that is too deep."""


def too_deep(tree: Tree[Token] | Token, limit: int) -> Tree[Token] | None:
    """The first part of a tree that lies more than `limit` levels deep in it."""
    level = [tree] if isinstance(tree, Tree) else []
    for _ in range(limit):
        level = [child for each in level for child in each.children if isinstance(child, Tree)]
    return level[0] if level else None
