"""`netc completion`: the script by which a shell completes netc's words."""

import click
from click.shell_completion import get_completion_class

from netc.cli.complete import VARIABLE
from netc.types import Bug

_HELP = """Print the script that completes commands, options, files and names in a SHELL.

Have the shell run it when it starts:

\b
  bash   eval "$(netc completion bash)"         in ~/.bashrc (bash 4.4 or newer)
  zsh    eval "$(netc completion zsh)"          in ~/.zshrc, below `compinit`
  fish   netc completion fish | source          in ~/.config/fish/config.fish
"""


@click.command("completion", help=_HELP, short_help="Print the script that completes in a shell.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    found = get_completion_class(shell)
    if found is None:
        raise Bug(f"click completes nothing in {shell}")
    click.echo(found(context.find_root().command, {}, "netc", VARIABLE).source())
