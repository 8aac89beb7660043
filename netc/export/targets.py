"""The opsets that runtimes are known to take: what `--target` may name."""

from dataclasses import dataclass

LOWEST, HIGHEST, USUAL = 13, 26, 18
"""Opsets netc writes, and the one it writes when nobody asks for another. 18 is the newest that
TensorRT, OpenVINO and the converters for phones take without exceptions."""


@dataclass(frozen=True)
class Target:
    """A runtime, and the opset it takes whole."""

    opset: int
    doc: str


TARGETS: dict[str, Target] = {
    "ort": Target(21, "onnxruntime 1.18 and later"),
    "tensorrt": Target(18, "TensorRT 10; it documents opsets up to 20, but lacks some operators"),
    "openvino": Target(18, "OpenVINO 2024 and later"),
    "opencv": Target(13, "the dnn module of OpenCV 4"),
    "web": Target(18, "onnxruntime-web, with WebAssembly and WebGPU"),
    "max-compat": Target(13, "the oldest opset netc writes, for everything else"),
}
"""Presets by name."""
