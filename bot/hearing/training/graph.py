"""The fitted network as an ONNX graph of fused operators, written node by node and then made 8-bit.

Replies are read one at a time, so the graph knows no padding.
"""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from bot.hearing.training.network import HEADS, LAYERS, SEEN

Weights = Mapping[str, NDArray[np.float32]]
#: Onnxruntime's own fused operators.
FUSED = "com.microsoft"


class Graph:
    """Nodes and constants as they come; every method that adds a node gives the name of its output."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def keep(self, name: str, value: NDArray[np.generic]) -> str:
        """A constant of that name."""
        self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def weight(self, name: str, *, turned: bool = False) -> str:
        """One of the network's own weights; `turned` for those that stand on the right of a product."""
        return self.keep(name, self.weights[name].T if turned else self.weights[name])

    def add(self, kind: str, inputs: list[str], output: str, domain: str = "", **attributes: object) -> str:
        """One node."""
        self.nodes.append(helper.make_node(kind, inputs, [output], output, domain=domain, **attributes))
        return output


def write_model(weights: Weights, path: Path, *, eight_bit: bool = True) -> None:
    """`tokens` (1, length) of int64 -> `logits` (1, outputs); all but the head in 8 bits unless told."""
    model = _model(weights)
    if not eight_bit:
        onnx.save(model, path)
        return
    with TemporaryDirectory() as room:
        whole = Path(room) / "whole.onnx"
        onnx.save(model, whole)
        options = {"DefaultTensorType": TensorProto.FLOAT}
        quantize_dynamic(
            whole,
            path,
            per_channel=True,
            weight_type=QuantType.QInt8,
            nodes_to_exclude=["logits", "logits_MatMul"],
            extra_options=options,
        )


def _model(weights: Weights) -> onnx.ModelProto:
    graph = Graph(weights)
    hidden, means, highest = _embedded(graph), [], []
    for number in range(LAYERS):
        hidden = _layer(graph, f"encoder.layer.{number}", hidden)
        if number + 1 in SEEN:
            means.append(graph.add("ReduceMean", [hidden], f"mean.{number}", axes=[1], keepdims=0))
            highest.append(graph.add("ReduceMax", [hidden], f"highest.{number}", axes=[1], keepdims=0))
    features = graph.add("Concat", [*means, *highest], "features", axis=1)
    graph.add("Gemm", [features, graph.weight("head.weight", turned=True), graph.weight("head.bias")], "logits")
    outputs = len(weights["head.bias"])
    whole = helper.make_graph(
        graph.nodes,
        "hearing",
        [helper.make_tensor_value_info("tokens", TensorProto.INT64, [1, "length"])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, outputs])],
        list(graph.constants.values()),
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(FUSED, 1)]
    return helper.make_model(whole, opset_imports=opsets, ir_version=9, producer_name="nearer")


def _embedded(graph: Graph) -> str:
    words = graph.add("Gather", [graph.weight("embeddings.word_embeddings.weight"), "tokens"], "words")
    places = (
        graph.weights["embeddings.position_embeddings.weight"]
        + graph.weights["embeddings.token_type_embeddings.weight"][0]
    )
    zero, one = graph.keep("zero", np.array([0])), graph.keep("one", np.array([1]))
    two, shape = graph.keep("two", np.array([2])), graph.add("Shape", ["tokens"], "shape")
    length = graph.add("Slice", [shape, one, two], "length")
    near = graph.add("Slice", [graph.keep("places", places), zero, length, zero], "near")
    placed = graph.add("Add", [words, near], "placed")
    return _normal(graph, [placed], "embeddings.LayerNorm")


def _layer(graph: Graph, name: str, hidden: str) -> str:
    looks = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
    packed = graph.keep(f"{name}.looks", np.concatenate([graph.weights[f"{look}.weight"].T for look in looks], 1))
    biases = graph.keep(f"{name}.biases", np.concatenate([graph.weights[f"{look}.bias"] for look in looks]))
    mixed = graph.add("Attention", [hidden, packed, biases], f"{name}.mixed", FUSED, num_heads=HEADS)
    hidden = _residual(graph, f"{name}.attention.output", mixed, hidden)
    wide = _product(graph, f"{name}.intermediate.dense", hidden)
    bent = graph.add("BiasGelu", [wide, graph.weight(f"{name}.intermediate.dense.bias")], f"{name}.bent", FUSED)
    return _residual(graph, f"{name}.output", bent, hidden)


def _residual(graph: Graph, name: str, inner: str, beside: str) -> str:
    product = _product(graph, f"{name}.dense", inner)
    bias = graph.weight(f"{name}.dense.bias")
    return _normal(graph, [product, beside], f"{name}.LayerNorm", bias)


def _product(graph: Graph, name: str, hidden: str) -> str:
    return graph.add("MatMul", [hidden, graph.weight(f"{name}.weight", turned=True)], f"{name}.product")


def _normal(graph: Graph, inputs: list[str], name: str, bias: str | None = None) -> str:
    """Normalised; with a bias, the sum of two inputs and the bias is."""
    inputs = [*inputs, graph.weight(f"{name}.weight"), graph.weight(f"{name}.bias")]
    if bias is None:
        return graph.add("LayerNormalization", inputs, name, epsilon=1e-12)
    return graph.add("SkipLayerNormalization", [*inputs, bias], name, FUSED, epsilon=1e-12)
