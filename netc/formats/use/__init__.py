"""`use "path.net"`: the files that a file names, found, read and put beside it."""

from netc.formats.use.place import bad_path
from netc.formats.use.problems import UseWithoutFile
from netc.formats.use.resolve import resolve

__all__ = ["UseWithoutFile", "bad_path", "resolve"]
