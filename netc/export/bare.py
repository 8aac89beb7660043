"""A model without its weights: what the shape inference of onnx can take whole at any size."""

import onnx
from onnx import ModelProto, ValueInfoProto, helper

from netc.ir import Graph


def bare(model: ModelProto, graph: Graph) -> ModelProto:
    """The model without the shapes netc proved, and with weights as inputs: small at any size."""
    found = ModelProto(ir_version=model.ir_version, opset_import=model.opset_import)
    found.graph.name = model.graph.name
    found.graph.node.extend(model.graph.node)
    found.graph.input.extend(model.graph.input)
    for tensor in model.graph.initializer:
        if tensor.name in graph.types:
            shape = list(tensor.dims)
            info = helper.make_tensor_value_info(tensor.name, tensor.data_type, shape)
            found.graph.input.append(info)
        else:
            found.graph.initializer.append(tensor)
    found.graph.output.extend(ValueInfoProto(name=o.name) for o in model.graph.output)
    return found


def inner_types(model: ModelProto, graph: Graph) -> list[ValueInfoProto]:
    """What onnx infers of the values inside a layer, of which netc proved nothing by name."""
    inferred = onnx.shape_inference.infer_shapes(bare(model, graph))
    return [info for info in inferred.graph.value_info if info.name not in graph.types]
