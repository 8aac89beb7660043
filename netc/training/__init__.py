"""Learning: settings, the loop and its events, runs and their folders, weights, and measuring.

Settings and data are imported at once; what trains is when it is asked for, since `netc check`
starts sooner without it.
"""

import importlib
from typing import TYPE_CHECKING, Any

from netc.training import weight_problems as weight_problems
from netc.training.data import SOURCES, Dataset, Examples, Where, bind, hold_out, open_source
from netc.training.inputs import bind_inputs, check_data, open_data
from netc.training.optimizers import OPTIMIZERS
from netc.training.schedules import SCHEDULES
from netc.training.settings import (
    NAMES,
    Counts,
    Settings,
    check_settings,
    settings_for_training,
    write_settings,
)

if TYPE_CHECKING:
    from netc.training.trains import (
        Compiling,
        Diverged,
        Ended,
        Event,
        Interrupts,
        Learner,
        Measured,
        Metrics,
        MetricValue,
        Network,
        Place,
        Population,
        Ready,
        Run,
        RunFolder,
        Saved,
        Score,
        Started,
        Stepped,
        Tested,
        Trainer,
        Wish,
        answers,
        calibrate_network,
        calibrated_path,
        check_engine,
        check_learning,
        check_memory,
        check_statistics,
        default_threads,
        inputs_for_answers,
        lists,
        load_saved,
        load_weights,
        make_folder,
        make_ready,
        measure,
        metric_of,
        numbers,
        predict,
        resume,
        score_of,
        start,
        tables,
        transfer_weights,
        write_arrays,
        write_calibrated,
        write_copy,
    )

__all__ = [
    "NAMES",
    "OPTIMIZERS",
    "SCHEDULES",
    "SOURCES",
    "Compiling",
    "Counts",
    "Dataset",
    "Diverged",
    "Ended",
    "Event",
    "Examples",
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
    "Settings",
    "Started",
    "Stepped",
    "Tested",
    "Trainer",
    "Where",
    "Wish",
    "answers",
    "bind",
    "bind_inputs",
    "calibrate_network",
    "calibrated_path",
    "check_data",
    "check_engine",
    "check_learning",
    "check_memory",
    "check_settings",
    "check_statistics",
    "default_threads",
    "hold_out",
    "inputs_for_answers",
    "lists",
    "load_saved",
    "load_weights",
    "make_folder",
    "make_ready",
    "measure",
    "metric_of",
    "numbers",
    "open_data",
    "open_source",
    "predict",
    "resume",
    "score_of",
    "settings_for_training",
    "start",
    "tables",
    "transfer_weights",
    "write_arrays",
    "write_calibrated",
    "write_copy",
    "write_settings",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module("netc.training.trains"), name)
