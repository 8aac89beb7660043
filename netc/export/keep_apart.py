"""Keeps what onnxruntime would wrongly join: a Pad and the pooling that reads it."""

from collections.abc import Iterator, Sequence

from onnx import NodeProto, helper


def keep_apart(nodes: Sequence[NodeProto]) -> list[NodeProto]:
    """The nodes of a graph, with one between each Pad and a pooling of what it made.

    onnxruntime makes the pads of a Pad those of the pooling behind it. For MaxPool these are no
    zeros but lower than every number, so the values are others; and it refuses the model where
    the pads reach the size of the kernel. A Max of one value is its copy, and none looks past it.
    """
    makers = {name: node for node in nodes for name in node.output}
    return [kept for node in nodes for kept in _kept(node, makers)]


def _kept(node: NodeProto, makers: dict[str, NodeProto]) -> Iterator[NodeProto]:
    if _may_be_joined(node) and _is_padded(node.input[0], makers):
        between = f"{node.name}/apart"
        place = {"name": between, "doc_string": node.doc_string}
        copy = helper.make_node("Max", [node.input[0]], [between], **place)
        copy.metadata_props.extend(node.metadata_props)
        yield copy
        node.input[0] = between
    yield node


def _may_be_joined(node: NodeProto) -> bool:
    """An average that does not count the padding is left alone."""
    attributes = {a.name: a for a in node.attribute}
    counts = "count_include_pad" in attributes and attributes["count_include_pad"].i == 1
    return node.op_type == "MaxPool" or (node.op_type == "AveragePool" and counts)


def _is_padded(value: str, makers: dict[str, NodeProto]) -> bool:
    """Whether a Pad made a value; an Identity between them goes away."""
    while value in makers and makers[value].op_type == "Identity":
        value = makers[value].input[0]
    return value in makers and makers[value].op_type == "Pad"
