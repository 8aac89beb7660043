"""Everything that is measured, one table after the other."""

import sys

from benchmarks import start, training

if __name__ == "__main__":
    sys.argv = sys.argv[:1]
    start.main()
    print()
    training.main()
