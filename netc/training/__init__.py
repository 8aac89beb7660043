"""Learning: settings, the loop and its events, runs and their folders, weights, and measuring."""

from netc.training.checkpoint import load_weights, transfer_weights, write_arrays
from netc.training.data import SOURCES, Dataset, Examples, Where, bind, open_source
from netc.training.evaluate import inputs_for_answers, measure, predict
from netc.training.events import Diverged, Ended, Event, Saved, Started, Stepped, Tested
from netc.training.learner import Learner
from netc.training.loop import Place
from netc.training.memory import available, check_memory
from netc.training.network import Measured, Network, check_engine
from netc.training.optimizers import OPTIMIZERS
from netc.training.prepare import Wish, bind_inputs, check_learning, default_threads
from netc.training.run import Run, resume, start
from netc.training.schedules import SCHEDULES
from netc.training.settings import (
    NAMES,
    Counts,
    Settings,
    check_settings,
    settings_for_training,
    write_settings,
)
from netc.training.trainer import Trainer, answers

__all__ = [
    "NAMES",
    "OPTIMIZERS",
    "SCHEDULES",
    "SOURCES",
    "Counts",
    "Dataset",
    "Diverged",
    "Ended",
    "Event",
    "Examples",
    "Learner",
    "Measured",
    "Network",
    "Place",
    "Run",
    "Saved",
    "Settings",
    "Started",
    "Stepped",
    "Tested",
    "Trainer",
    "Where",
    "Wish",
    "answers",
    "available",
    "bind",
    "bind_inputs",
    "check_engine",
    "check_learning",
    "check_memory",
    "check_settings",
    "default_threads",
    "inputs_for_answers",
    "load_weights",
    "measure",
    "open_source",
    "predict",
    "resume",
    "settings_for_training",
    "start",
    "transfer_weights",
    "write_arrays",
    "write_settings",
]
