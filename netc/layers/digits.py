"""The ten digits as drawings of 7 x 12 pixels: what an `rbf` layer compares its input with."""

from functools import cache

import numpy as np

from netc.types import NUMPY_DTYPES, Array, Dtype

WIDTH, HEIGHT = 7, 12

_DRAWINGS = """
..###..   ...#...   ..###..   .#####.   .....#.
.##.##.   ..##...   .##.##.   .....##   ....##.
##...##   .###...   ##...##   .....##   ...###.
##...##   ...#...   .....##   ....##.   ..##.#.
##...##   ...#...   .....##   ...##..   .##..#.
##...##   ...#...   ....##.   ..####.   ##...#.
##...##   ...#...   ...##..   .....##   #######
##...##   ...#...   ..##...   .....##   .....#.
##...##   ...#...   .##....   .....##   .....#.
.##.##.   ...#...   ##.....   ##...##   .....#.
..###..   .#####.   #######   .#####.   .....#.
.......   .......   .......   .......   .......

#######   ...###.   #######   ..###..   ..###..
##.....   ..##...   #....##   .##.##.   .##.##.
##.....   .##....   .....##   ##...##   ##...##
##.....   ##.....   ....##.   ##...##   ##...##
######.   ##.....   ....##.   .##.##.   ##...##
##...##   ######.   ...##..   ..###..   .##.###
.....##   ##...##   ...##..   .##.##.   ..##.##
.....##   ##...##   ..##...   ##...##   .....##
.....##   ##...##   ..##...   ##...##   .....##
##...##   .##.##.   .##....   .##.##.   ....##.
.#####.   ..###..   .##....   ..###..   .###...
.......   .......   .......   .......   .......
"""


@cache
def digits(dtype: Dtype) -> Array:
    """The drawings as rows, [10, 84]: 1 where a digit is, -1 around it, line after line."""
    blocks = [[line.split() for line in b.splitlines()] for b in _DRAWINGS.strip().split("\n\n")]
    drawn = [["".join(column) for column in zip(*block, strict=True)] for block in blocks]
    rows = [[1 if mark == "#" else -1 for mark in digit] for block in drawn for digit in block]
    array = np.array(rows, NUMPY_DTYPES[dtype])
    array.flags.writeable = False
    return array
