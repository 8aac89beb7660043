"""`netc compile`: an ONNX file that onnxruntime is known to agree with."""

import time

import click

from netc.cli.checked import proven
from netc.cli.complete import files
from netc.cli.overrides import set_option
from netc.cli.screen import color_option, json_option, print_json, say, stop
from netc.cli.weights import class_names, network_of
from netc.cli.words import time_text
from netc.diag import bytes_text
from netc.export import HIGHEST, LOWEST, TARGETS, USUAL, Compiled, compile_onnx

_TARGETS = "\n".join(f"  {name:<12} opset {t.opset}: {t.doc}" for name, t in TARGETS.items())

_HELP = f"""Compile the net in FILE to ONNX. Before the file is written in its place, random inputs
go through netc and through onnxruntime, and the numbers must agree.

\b
  netc compile specs/digits.net --weights runs/digits-1/best.safetensors -o digits.onnx
  netc compile specs/digits.net -o digits.onnx --target tensorrt

\b
Targets:
{_TARGETS}
"""


@click.command("compile", help=_HELP, short_help="Write a net as a proven ONNX file.")
@click.argument("file", shell_complete=files)
@click.option("-o", "--output", required=True, metavar="X.onnx", help="The file to write.")
@click.option(
    "--weights",
    metavar="W",
    shell_complete=files,
    help="A file of weights; without, those in FILE, or fresh ones.",
)
@click.option(
    "--opset",
    type=int,
    metavar="N",
    help=f"Version of the operators, {LOWEST} to {HIGHEST}; {USUAL} where nothing else is asked.",
)
@click.option("--target", metavar="T", help="A runtime to write for, instead of an opset.")
@click.option("--no-verify", is_flag=True, help="Write without comparing.")
@json_option
@set_option
@color_option
def command(
    file: str,
    output: str,
    weights: str | None,
    opset: int | None,
    target: str | None,
    no_verify: bool,
    as_json: bool,
    changes: tuple[str, ...],
) -> None:
    if output == "-":
        raise click.UsageError("an ONNX file cannot go to standard output. Name a file by `-o`")
    net = proven(file, changes, is_taken_over=True)
    arrays = None
    if weights is not None or net.spec.holds_weights:
        arrays = network_of(net, weights).store.arrays
    start = time.perf_counter()
    made = compile_onnx(
        net.graph,
        net.spec.source,
        arrays,
        output,
        opset=opset,
        target=target,
        verify=not no_verify,
        classes=class_names(net),
        seed=net.settings.seed if net.settings else 1,
    )
    if not isinstance(made, Compiled):
        stop(made)
    if as_json:
        print_json(_document(made))
        return
    click.echo(f"{_text(made)}, in {time_text(time.perf_counter() - start)}")
    if arrays is None and net.graph.weights:
        say("note: the weights are untrained; `--weights` takes those of a run")


def _text(made: Compiled) -> str:
    proof = "not compared with onnxruntime"
    if made.verified:
        proof = f"onnxruntime agrees to within {made.max_abs_error:.2g}"
    size = f"{bytes_text(made.bytes)}, opset {made.opset}, IR {made.ir_version}"
    taken = f"takes any {' and '.join(f'`{name}`' for name in made.free)}; " if made.free else ""
    return f"{made.file}: {size}; {taken}{proof}"


def _document(made: Compiled) -> dict[str, object]:
    return {
        "file": made.file,
        "opset": made.opset,
        "ir_version": made.ir_version,
        "verified": made.verified,
        "max_abs_error": made.max_abs_error,
        "bytes": made.bytes,
        **({"free": list(made.free)} if made.free else {}),
    }
