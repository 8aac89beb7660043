"""Calibrating from Python: weights with the statistics of the whole training set.

netc.calibrate("digits.net", weights="runs/digits-1/best.safetensors")
"""

from collections.abc import Sequence
from pathlib import Path

from netc.api import File, Net, SpecError, load
from netc.training import (
    Dataset,
    Network,
    Population,
    Settings,
    Where,
    calibrate_network,
    calibrated_path,
    check_engine,
    check_statistics,
    default_threads,
    load_weights,
    open_data,
    settings_for_training,
    write_calibrated,
)


def calibrate(
    net: Net | File,
    *,
    weights: File,
    out: File | None = None,
    data: Sequence[File] = (),
    batch: int | None = None,
    batches: int | None = None,
    engine: str = "cpu",
    threads: int | None = None,
) -> Path:
    """Gather the statistics that `batch_norm` uses after training over the training set, like
    `netc calibrate`, and give the file they are in with the weights.

    That is `out`, or `calibrated.safetensors` beside `weights`. `batch` is the number of examples
    in a batch, that of the `train` section if absent, and `batches` how many of them are enough.
    `data` are folders to look for data in. Raises `SpecError` where it cannot be done.
    """
    whole = net if isinstance(net, Net) else load(net)
    if problems := [*check_statistics(whole.graph), *check_engine(engine)]:
        raise SpecError(problems)
    settings, examples = _data(whole, data)
    threads = threads or default_threads()
    network = Network(whole.graph, seed=None, engine=engine, threads=threads)
    source = Path(weights)
    if problems := load_weights(source, network.store, net=whole.name):
        raise SpecError(problems)
    size = batch or settings.batch
    found = calibrate_network(
        network, examples.train, batch=size, seed=settings.seed, batches=batches
    )
    if not isinstance(found, Population):
        raise SpecError(found)
    place = calibrated_path(source) if out is None else Path(out)
    write_calibrated(place, network, found, weights=source)
    return place


def _data(net: Net, folders: Sequence[File]) -> tuple[Settings, Dataset]:
    bound = settings_for_training(net.spec, net.graph)
    if bound.settings is None:
        raise SpecError(bound.problems)
    where = Where(Path(net.spec.source.path).parent, tuple(Path(folder) for folder in folders))
    opened = open_data(net.spec, net.graph, bound.settings, where)
    if not isinstance(opened, tuple):
        raise SpecError(opened)
    return bound.settings, opened[0]
