"""Weights from their files and data from their places, as several commands ask for them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from netc.cli.checked import Proven
from netc.cli.complete import files
from netc.cli.screen import stop
from netc.training import (
    Dataset,
    Network,
    Settings,
    Where,
    bind_inputs,
    check_engine,
    default_threads,
    load_saved,
    load_weights,
    open_source,
    settings_for_training,
)
from netc.types import Dtype

F = TypeVar("F", bound=Callable[..., Any])


def weights_option(command: F) -> F:
    """Add `--weights` to a command that needs a net that is trained."""
    return click.option(
        "--weights",
        metavar="W",
        shell_complete=files,
        help="A file of weights: the .safetensors of a run, an .npz file, or a network that "
        "ConvNetJS saved, which needs no other where it is FILE.",
    )(command)


def engine_options(command: F) -> F:
    """Add `--engine` and `--threads` to a command that computes."""
    threads = click.option(
        "--threads", type=click.IntRange(1, 1024), help="Threads to share the work among."
    )
    engine = click.option(
        "--engine",
        default="cpu",
        show_default=True,
        metavar="cpu|numpy",
        help="Kernels made for the net where there are some, or NumPy alone.",
    )
    return engine(threads(command))


def require_weights(net: Proven, weights: str | None) -> None:
    """Refuse to go on without weights: neither in a file of their own nor in that of the net."""
    if weights is None and not net.spec.holds_weights:
        raise click.UsageError("Missing option '--weights'.")


def network_of(
    net: Proven,
    weights: str | None,
    *,
    engine: str = "cpu",
    threads: int | None = None,
    dtype: Dtype = "f32",
) -> Network:
    """A network with the weights of a file, those that are in the file of the net, or fresh ones;
    a wrong file ends the run."""
    problems = check_engine(engine)
    if problems:
        stop(problems)
    seed = None
    if weights is None and not net.spec.holds_weights:
        seed = net.settings.seed if net.settings else 1
    threads = threads or default_threads()
    network = Network(net.graph, seed=seed, engine=engine, threads=threads, dtype=dtype)
    if weights is not None:
        problems = load_weights(Path(weights), network.store, net=net.graph.name)
    elif net.spec.holds_weights:
        problems = load_saved(net.spec.source, network.store, net=net.graph.name)
    if problems:
        stop(problems)
    return network


def data_of(net: Proven, folders: Sequence[str]) -> tuple[Settings, Dataset]:
    """The settings and the data of a spec, the data named as the net's inputs; or the end."""
    bound = settings_for_training(net.spec, net.graph)
    settings = bound.settings
    if settings is None or settings.data is None:
        stop(bound.problems)
    data = _open(net, settings, folders)
    if isinstance(data, list):
        stop(data)
    return settings, data


def class_names(net: Proven) -> tuple[str, ...]:
    """What the classes are called, if the data are there and say so."""
    if net.settings is None or net.settings.data is None:
        return ()
    data = _open(net, net.settings, ())
    return data.class_names if isinstance(data, Dataset) else ()


def _open(net: Proven, settings: Settings, folders: Sequence[str]) -> Any:
    assert settings.data is not None
    where = Where(Path(net.spec.source.path).parent, tuple(map(Path, folders)))
    place = settings.places.get("data")
    inputs = {name: net.graph.types[name] for name in net.graph.inputs}
    data = open_source(settings.data, where, place, settings.data_options, inputs)
    return bind_inputs(net.spec, net.graph, data) if isinstance(data, Dataset) else data
