"""How a batch is cut into blocks."""


def block_size(
    batch: int, threads: int, lanes: int, *, weight_bytes: int, level2_bytes: int
) -> int:
    """Examples in a block: one or two vectors where there are enough for all threads, or the
    whole batch. `weight_bytes` is the size of the largest weight.

    One vector keeps most in caches: two are 6 percent slower on DenseNet-40, 5 to 16 on CIFAR-10
    quick, and within 2 of it on ResNet-20 and smaller ones. But each block reads all weights, and
    turns them for convolutions by tiles. Where they do not stay in the second cache, half as many
    blocks are 22 percent faster (VGG at CIFAR size), four vectors no faster than two.
    """
    each = batch / threads
    if each < lanes:
        return batch
    double = 2 * lanes
    if batch % (double * threads) == 0 and weight_bytes > level2_bytes:
        return double
    return lanes
