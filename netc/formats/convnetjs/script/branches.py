"""The parts of a syntax tree, with their types and places."""

from lark import Token, Tree

Branch = Tree[Token]


def place(tree: Branch | Token) -> tuple[int, int]:
    """Where a part stands in the text."""
    if isinstance(tree, Token):
        return tree.start_pos or 0, tree.end_pos or 0
    return tree.meta.start_pos, tree.meta.end_pos


def word_of(tree: Branch) -> str:
    """The one word, or number, that a branch has."""
    return str(tree.children[0])


def branch_of(child: Branch | Token) -> Branch:
    """A child that is a branch wherever the grammar has one."""
    assert isinstance(child, Tree)
    return child


def is_branch(child: Branch | Token) -> bool:
    """Whether a child has children of its own."""
    return isinstance(child, Tree)


def token_of(child: Branch | Token) -> Token:
    """A child that is a token wherever the grammar has one."""
    assert isinstance(child, Token)
    return child


def is_name(tree: Branch | Token, name: str) -> bool:
    """Whether an expression is this variable and nothing else."""
    return isinstance(tree, Tree) and tree.data == "name" and word_of(tree) == name
