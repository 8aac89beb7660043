"""The parts of a syntax tree, with their types and places."""

from lark import Token, Tree

Branch = Tree[Token]


def place(tree: Branch | Token) -> tuple[int, int]:
    """Where a part stands in the text."""
    if isinstance(tree, Token):
        return tree.start_pos or 0, tree.end_pos or 0
    return tree.meta.start_pos, tree.meta.end_pos


def word_of(tree: Branch) -> str:
    return str(tree.children[0])


def branch_of(child: Branch | Token) -> Branch:
    assert isinstance(child, Tree)
    return child


def is_branch(child: Branch | Token) -> bool:
    return isinstance(child, Tree)


def token_of(child: Branch | Token) -> Token:
    assert isinstance(child, Token)
    return child


def is_name(tree: Branch | Token, name: str) -> bool:
    return isinstance(tree, Tree) and tree.data == "name" and word_of(tree) == name
