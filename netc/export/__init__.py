"""Networks for other runtimes, and what other runtimes open."""

from netc.export.compile import Compiled, compile_onnx
from netc.export.session import CannotRun, Device, Session, Socket, open_session
from netc.export.targets import HIGHEST, LOWEST, TARGETS, USUAL, Target

__all__ = [
    "HIGHEST",
    "LOWEST",
    "TARGETS",
    "USUAL",
    "CannotRun",
    "Compiled",
    "Device",
    "Session",
    "Socket",
    "Target",
    "compile_onnx",
    "open_session",
]
