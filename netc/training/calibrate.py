"""Weights that are there already, given the statistics of the whole training set."""

from pathlib import Path

from netc.diag import Problem
from netc.ir import Graph
from netc.passes import for_gathering, gathered_by
from netc.training.checkpoint import write_arrays
from netc.training.contents import Contents, read_contents
from netc.training.data import Examples
from netc.training.network import Network
from netc.training.population import Population, fill_population
from netc.training.problems import NoStatistics


def check_statistics(graph: Graph) -> list[Problem]:
    """A problem where a net has nothing to gather."""
    if gathered_by(for_gathering(graph)):
        return []
    reason = "no layer of it normalizes by batches"
    way_out = "layers such as `batch_norm` do, unless they are `frozen`"
    return [NoStatistics(None, net=graph.name, reason=reason, way_out=way_out)]


def calibrate_network(
    network: Network, examples: Examples, *, batch: int, seed: int, batches: int | None = None
) -> Population | list[Problem]:
    """Fill the states of a network as `fill_population` does, or say why that cannot be."""
    if problems := check_statistics(network.graph):
        return problems
    found = fill_population(network, examples, batch=batch, seed=seed, batches=batches)
    if found.is_finite:
        return found
    reason = "with these weights they are not finite"
    way_out = "the training diverged: take weights from before that"
    return [NoStatistics(None, net=network.graph.name, reason=reason, way_out=way_out)]


def write_calibrated(path: Path, network: Network, found: Population, *, weights: Path) -> None:
    """Write the arrays of a network, and what the file of `weights` they came from says of them."""
    contents = read_contents(weights)
    facts = dict(contents.facts) if isinstance(contents, Contents) else {}
    facts["statistics"] = f"{found.batches} batches of {found.batch}"
    write_arrays(path, network.store.arrays, dict(sorted(facts.items())))


def calibrated_path(weights: Path) -> Path:
    """Where calibrated weights go if nobody says: beside those they were made of."""
    return weights.with_name("calibrated.safetensors")
