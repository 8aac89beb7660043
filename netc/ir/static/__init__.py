"""What a text shows to be wrong or idle without being built: blocks that nothing uses, branches
not taken, whole libraries.

A build finds what is wrong on its way, and never gets to those.
"""

from netc.ir.static.check import new_problems, static_problems

__all__ = ["new_problems", "static_problems"]
