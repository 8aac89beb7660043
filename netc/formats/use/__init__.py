"""`use "path.net"`: the files that a file names, found, read and put beside it."""

from netc.formats.use.problems import UseWithoutFile
from netc.formats.use.resolve import resolve

__all__ = ["UseWithoutFile", "resolve"]
