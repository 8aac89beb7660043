"""Array routines in plain NumPy; they know no layer.

Arrays of images are [channels, rows, columns, n] here: the batch is the last axis, as it lies in
memory when the engine made the array. Every routine is right for any strides and fast for those.
"""
