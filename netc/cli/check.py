"""`netc check`: every mistake of every file, each with its place and its way out."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import click

from netc.cli import ends
from netc.cli.allow import allow_option, without
from netc.cli.checked import Checked, check, with_data
from netc.cli.complete import files as any_file
from netc.cli.data_folders import data_option
from netc.cli.fix import fix_all, fixable
from netc.cli.overrides import set_option
from netc.cli.screen import (
    color_option,
    exit_code,
    in_order,
    print_json,
    say,
    show,
)
from netc.cli.words import count
from netc.diag import (
    Diagnostic,
    Label,
    Problem,
    Source,
    Span,
    printable,
    render_concise,
    render_github,
    render_json,
    render_sarif,
)
from netc.ir import Graph
from netc.summary import params

_HELP = """Read FILEs and prove them: names, options, shapes and the `train` section, and that its
data fit the net: from what is known of them, and from the heads of their files that are there.

All problems of all files are shown, by their place in the text. `-` is standard input.

\b
  netc check specs/*.net
  netc check net.net --deny warnings              warnings count too (for CI)
  netc check net.js --allow skipped-code          but say nothing of these
  netc check net.net --output-format concise      one line a problem (for editors)
  netc check net.net --fix                        mends misspelt names and the like
"""


@click.command("check", help=_HELP, short_help="Find every mistake in specs.")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, shell_complete=any_file)
@click.option(
    "--output-format",
    type=click.Choice(["text", "concise", "json", "sarif", "github"]),
    default="text",
    show_default=True,
    help="Drawn for people, a line for each problem, JSON, SARIF 2.1.0, or GitHub annotations.",
)
@click.option("--fix", "wants_fixes", is_flag=True, help="Write what can be meant in one way only.")
@click.option("--diff", "wants_diff", is_flag=True, help="Show what --fix would do; write nothing.")
@click.option("--deny", type=click.Choice(["warnings"]), help="Let warnings fail the check too.")
@allow_option
@data_option
@set_option
@color_option
@click.pass_context
def command(
    context: click.Context,
    files: tuple[str, ...],
    output_format: str,
    wants_fixes: bool,
    wants_diff: bool,
    deny: str | None,
    allowed: tuple[str, ...],
    data_folders: tuple[str, ...],
    changes: tuple[str, ...],
) -> None:
    if wants_diff and output_format not in ("text", "concise"):
        raise click.UsageError(f"`--diff` and `--output-format {output_format}` share no output")
    checked = [check(path, changes) for path in dict.fromkeys(files)]
    if wants_fixes or wants_diff:
        checked = fix_all(checked, changes, show=wants_diff)
    checked = [without(with_data(each, data_folders), allowed) for each in checked]
    _SHOW[output_format](checked)
    if output_format == "text" and not (wants_fixes or wants_diff):
        _say_fixable(checked)
    problems = [problem for each in checked for problem in each.problems]
    code = exit_code(problems)
    if deny and problems and code == ends.DONE:
        code = ends.PROBLEMS
    context.exit(code)


def _show_text(files: Sequence[Checked]) -> None:
    for checked in files:
        show(checked.problems)
        _say_count(checked)


def _show_concise(files: Sequence[Checked]) -> None:
    for checked in files:
        for problem in in_order(checked.problems):
            say(render_concise(problem.diagnostic()))
        if not checked.problems:
            _say_count(checked)


def _show_json(files: Sequence[Checked]) -> None:
    problems: list[Problem] = [p for checked in files for p in in_order(checked.problems)]
    print_json(render_json(p.diagnostic() for p in problems))


def _show_sarif(files: Sequence[Checked]) -> None:
    from netc.cli.shelves import problem_kinds  # with it come all of netc's packages

    print_json(render_sarif(_placed(files), problem_kinds()))


def _show_github(files: Sequence[Checked]) -> None:
    for diagnostic in _placed(files):
        click.echo(render_github(diagnostic))


def _placed(files: Sequence[Checked]) -> Iterator[Diagnostic]:
    """The diagnostics, each at a place: one that is about a whole file is at its start, as those
    who read this show nothing that lies nowhere."""
    for checked in files:
        start = Label(Span(Source(checked.name, ""), 0, 0))
        for problem in in_order(checked.problems):
            diagnostic = problem.diagnostic()
            yield diagnostic if diagnostic.primary else replace(diagnostic, primary=start)


_SHOW = {
    "text": _show_text,
    "concise": _show_concise,
    "json": _show_json,
    "sarif": _show_sarif,
    "github": _show_github,
}


def _say_count(checked: Checked) -> None:
    """One line about a file: what it holds, or how much is wrong with it."""
    name = printable(checked.name)
    counts = ((checked.errors, "error"), (checked.warnings, "warning"))
    found = ", ".join(count(number, noun) for number, noun in counts if number)
    if found:
        say(f"{found} in {name}")
    if checked.graph is not None and not checked.errors:
        click.echo(f"{name}: ok ({_contents(checked.graph)})")
    if checked.library is not None and not checked.errors:
        click.echo(f"{name}: ok ({count(len(checked.library.blocks), 'block')})")


def _say_fixable(files: Sequence[Checked]) -> None:
    """One line about all files: what `--fix` is good for."""
    number = sum(map(fixable, files))
    if number:
        say(f"`--fix` mends {number} of these")


def _contents(graph: Graph) -> str:
    layers = sum(not type(node.layer).roles for node in graph.nodes)
    counts = ((len(graph.losses), "loss"), (len(graph.metrics), "metric"))
    parts = [count(layers, "layer"), count(params(graph), "param")]
    parts += [count(number, noun) for number, noun in counts if number]
    return f"net {graph.name}: {', '.join(parts)}"
