"""How a run can end: the exit codes, which scripts lean on."""

DONE = 0
PROBLEMS = 1
USAGE = 2
MISSING = 3
DIVERGED = 4
BUG = 70
INTERRUPTED = 130
PIPE_CLOSED = 141
"""What a shell reports of a program whose reader went away (128 + SIGPIPE)."""
