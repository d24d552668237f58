"""Fuses the float32 graph with onnxruntime's BERT optimizer and quantizes it to int8."""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from pathlib import Path

import onnx
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from onnxruntime.transformers.fusion_options import FusionOptions

LAYERS = 12
OPERATORS = ["MatMul", "Attention", "Gather", "EmbedLayerNormalization"]


def fuse(fp32: Path, fused: Path, heads: int, hidden: int) -> Counter[str]:
    """Fuses attention, GELU, residual sums and embeddings; returns the operators that are left.

    @raises ValueError when a layer was not fused: quantization would then be slower and less exact
    """
    options = FusionOptions("bert")
    # The bias stays an Add of its own: onnxruntime folds it into the int8 product when it loads.
    options.enable_bias_skip_layer_norm = False
    model = optimizer.optimize_model(
        str(fp32), model_type="bert", num_heads=heads, hidden_size=hidden, opt_level=0, optimization_options=options, use_gpu=False
    )
    model.save_model_to_file(str(fused))
    left = Counter(node.op_type for node in model.model.graph.node)
    expected = {"EmbedLayerNormalization": 1, "Attention": LAYERS, "BiasGelu": LAYERS, "SkipLayerNormalization": 2 * LAYERS}
    if any(left[name] != count for name, count in expected.items()):
        raise ValueError(f"fused {dict(left)}, expected {expected}: use the pinned onnxruntime and torch")
    return left


def quantize(fused: Path, out: Path, reduce_range: bool) -> None:
    """Dynamic int8: weights per channel, activations per tensor at run time.

    With `reduce_range` weights keep 7 bits: on x86 processors without VNNI the 8-bit kernels may
    saturate (16-bit sums of two products), and the measured price of 7 bits is within the noise.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    quantize_dynamic(
        str(fused),
        str(out),
        op_types_to_quantize=OPERATORS,
        per_channel=True,
        reduce_range=reduce_range,
        weight_type=QuantType.QInt8,
        extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
    )


def main() -> None:
    """Runs both steps."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--fp32", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--reduce-range", action="store_true", help="7-bit weights")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        fused = Path(folder) / "fused.onnx"
        print(dict(fuse(options.fp32, fused, heads=12, hidden=384)))
        quantize(fused, options.out, options.reduce_range)
    print(f"{options.out.name}: {options.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
