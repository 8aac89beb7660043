"""Learning: settings, the loop and its events, files of weights, and measuring."""

from netc.train.checkpoint import load_weights, transfer_weights, write_arrays, write_file
from netc.train.data import SOURCES, Dataset, Where, open_source
from netc.train.evaluate import inputs_for_answers, measure, predict
from netc.train.events import Diverged, Ended, Event, Saved, Started, Stepped, Tested
from netc.train.learner import Learner
from netc.train.loop import Loop, Place
from netc.train.network import ENGINES, Measured, Network, check_engine
from netc.train.optimizers import OPTIMIZERS
from netc.train.schedules import SCHEDULES
from netc.train.settings import (
    BoundSettings,
    Settings,
    check_settings,
    settings_for_training,
    write_settings,
)
