"""`python -m netc` is the same as `netc`."""

from netc.cli import main

if __name__ == "__main__":
    main.main()
