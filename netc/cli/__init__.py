"""The command line: one file a command; they alone touch the screen and say how a run ended."""
