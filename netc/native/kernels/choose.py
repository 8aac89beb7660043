"""Which kernel a convolution gets."""

from netc.native.geometry import Geometry
from netc.native.kernel import Kernel
from netc.native.kernels import panel, panel_weight, winograd_choice
from netc.native.kernels.dense_gradient import DenseGradient
from netc.native.kernels.depthwise import Depthwise
from netc.native.kernels.depthwise_tile import is_depthwise
from netc.native.kernels.depthwise_weight import DepthwiseWeight
from netc.native.kernels.direct import Direct
from netc.native.kernels.weight_gradient import WeightGradient
from netc.native.kernels.winograd_choice import points_for, weight_points_for
from netc.native.layout import Layout
from netc.native.tail import Tail
from netc.native.task import Sizes
from netc.types import Bug


def forward_kernel(sizes: Sizes, geometry: Geometry, source: Layout, tail: Tail | None) -> Kernel:
    dtype, target, given = sizes.dtype, sizes.target, _given(tail)
    if is_depthwise(geometry):
        kernel = Depthwise.choose(dtype, geometry, source, given, target)
        if kernel is not None:
            return kernel
    threads = _sharing(sizes)
    points = points_for(geometry, source.block, target, dtype, threads=threads)
    if points is not None:
        return winograd_choice.forward(
            dtype, geometry, source, given, points, threads=threads, target=target
        )
    if _is_narrow(sizes, geometry, source):
        return panel.forward(dtype, geometry, source, given, threads=threads, target=target)
    return Direct.forward(dtype, geometry, source, given, target)


def input_gradient_kernel(
    sizes: Sizes, geometry: Geometry, source: Layout, tail: Tail | None
) -> Kernel:
    dtype, target, given = sizes.dtype, sizes.target, _given(tail)
    if is_depthwise(geometry):
        kernel = Depthwise.choose(dtype, geometry, source, given, target, turned=True)
        if kernel is not None:
            return kernel
    threads = _sharing(sizes)
    points = points_for(geometry, source.block, target, dtype, turned=True, threads=threads)
    if points is not None:
        return winograd_choice.input_gradient(
            dtype, geometry, source, given, points, threads=threads, target=target
        )
    if _is_narrow(sizes, geometry, source):
        return panel.input_gradient(dtype, geometry, source, given, threads=threads, target=target)
    return Direct.input_gradient(dtype, geometry, source, given, target)


def weight_gradient_kernel(sizes: Sizes, geometry: Geometry, x: Layout, dy: Layout) -> Kernel:
    if geometry.is_dense:
        return DenseGradient.choose(sizes.dtype, x, dy, sizes.target)
    if is_depthwise(geometry):
        kernel = DepthwiseWeight.choose(sizes.dtype, geometry, x, dy, sizes.target)
        if kernel is not None:
            return kernel
    threads = _sharing(sizes)
    points = weight_points_for(geometry, x.block, sizes.target, sizes.dtype, threads=threads)
    if points is not None:
        return winograd_choice.weight_gradient(
            sizes.dtype, geometry, x, dy, points, threads=threads, target=sizes.target
        )
    if _is_narrow(sizes, geometry, x):
        return panel_weight.weight_gradient(sizes.dtype, geometry, x, dy, target=sizes.target)
    return WeightGradient.choose(sizes.dtype, geometry, x, dy, sizes.target)


def _sharing(sizes: Sizes) -> int:
    """Threads that share the units of each call; with several blocks each has blocks of its own."""
    return sizes.threads if sizes.blocks == 1 else 1


def _is_narrow(sizes: Sizes, geometry: Geometry, source: Layout) -> bool:
    """Whether examples do not fill vectors, but places can."""
    return not geometry.is_dense and source.block % sizes.target.lanes(sizes.dtype) != 0


def _given(tail: Tail | None) -> Tail:
    if tail is None:
        raise Bug("a convolution stores nothing")
    return tail
