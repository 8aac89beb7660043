"""The part of the package's front that trains, measures and answers."""

from netc.engines import default_threads
from netc.training.as_trained import write_copy
from netc.training.calibrate import (
    calibrate_network,
    calibrated_path,
    check_statistics,
    write_calibrated,
)
from netc.training.checkpoint import load_saved, load_weights, transfer_weights, write_arrays
from netc.training.evaluate import inputs_for_answers, measure, predict
from netc.training.events import Compiling, Diverged, Ended, Event, Saved, Started, Stepped, Tested
from netc.training.folder import Metrics, RunFolder, make_folder
from netc.training.interrupts import Interrupts
from netc.training.learner import Learner
from netc.training.loop import Place, Score, score_of
from netc.training.memory import check_memory
from netc.training.metrics import MetricValue, lists, metric_of, numbers, tables
from netc.training.network import Measured, Network, check_engine
from netc.training.population import Population
from netc.training.prepare import Ready, Wish, check_learning, make_ready
from netc.training.run import Run, resume, start
from netc.training.trainer import Trainer, answers

__all__ = [
    "Compiling",
    "Diverged",
    "Ended",
    "Event",
    "Interrupts",
    "Learner",
    "Measured",
    "MetricValue",
    "Metrics",
    "Network",
    "Place",
    "Population",
    "Ready",
    "Run",
    "RunFolder",
    "Saved",
    "Score",
    "Started",
    "Stepped",
    "Tested",
    "Trainer",
    "Wish",
    "answers",
    "calibrate_network",
    "calibrated_path",
    "check_engine",
    "check_learning",
    "check_memory",
    "check_statistics",
    "default_threads",
    "inputs_for_answers",
    "lists",
    "load_saved",
    "load_weights",
    "make_folder",
    "make_ready",
    "measure",
    "metric_of",
    "numbers",
    "predict",
    "resume",
    "score_of",
    "start",
    "tables",
    "transfer_weights",
    "write_arrays",
    "write_calibrated",
    "write_copy",
]
