"""JavaScript with a net of ConvNetJS, read without ever being run."""

from netc.formats.convnetjs.script.read import read_script

__all__ = ["read_script"]
