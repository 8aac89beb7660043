"""What the shell may complete an argument to."""

from click import Context, Parameter
from click.shell_completion import CompletionItem

VARIABLE = "_NETC_COMPLETE"
"""The variable of the environment by which a shell asks netc for words."""

Items = list[CompletionItem]


def files(context: Context, parameter: Parameter, incomplete: str) -> Items:
    """Any file: the shell knows them."""
    return [CompletionItem(incomplete, type="file")]


def folders(context: Context, parameter: Parameter, incomplete: str) -> Items:
    """Any folder."""
    return [CompletionItem(incomplete, type="dir")]


def names(context: Context, parameter: Parameter, incomplete: str) -> Items:
    """Everything that `netc explain` has a page for."""
    from netc.cli.shelves import first_line, shelves  # with it come all of netc's packages

    wanted = incomplete.replace("_", "-")
    return [
        CompletionItem(name, help=first_line(kind))
        for shelf in shelves()
        for name, kind in shelf.kinds.items()
        if name.replace("_", "-").startswith(wanted)
    ]
