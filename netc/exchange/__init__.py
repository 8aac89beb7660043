"""Nets written for another program, ConvNetJS: as the text that makes them, and with weights."""

from netc.exchange.proof import is_read_as
from netc.exchange.saved import Saved, write_saved
from netc.exchange.script import Script, write_script

__all__ = ["Saved", "Script", "is_read_as", "write_saved", "write_script"]
