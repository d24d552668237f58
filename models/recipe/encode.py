"""Encodes sentences with an ONNX graph the way the appliance does."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

MAX_TOKENS = 512


class Encoder:
    """A tokenizer and a session from a Hugging Face layout folder."""

    def __init__(self, folder: Path, model: Path | None = None, threads: int = 2) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        path = model or folder / "onnx" / "model_quantized.onnx"
        self.session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.enable_truncation(MAX_TOKENS)
        prompts = json.loads((folder / "config_sentence_transformers.json").read_text(encoding="utf-8"))
        self.prefix = prompts["prompts"]["query"]

    def token_ids(self, text: str) -> list[int]:
        """Ids of the prefixed sentence, with both end marks."""
        return self.tokenizer.encode(self.prefix + text).ids

    def run(self, rows: list[list[int]]) -> np.ndarray:
        """Runs one padded batch; rows of unit length come back."""
        width = max(map(len, rows))
        ids = np.array([row + [1] * (width - len(row)) for row in rows], np.int64)
        mask = np.array([[1] * len(row) + [0] * (width - len(row)) for row in rows], np.int64)
        return self.session.run(["sentence_embedding"], {"input_ids": ids, "attention_mask": mask})[0]

    def encode(self, texts: list[str], batch: int = 16) -> np.ndarray:
        """Encodes in batches of similar length and restores the order."""
        rows = [self.token_ids(text) for text in texts]
        order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
        vectors: np.ndarray | None = None
        for start in range(0, len(order), batch):
            chosen = order[start : start + batch]
            out = self.run([rows[i] for i in chosen])
            if vectors is None:
                vectors = np.empty((len(rows), out.shape[1]), np.float32)
            vectors[chosen] = out
        assert vectors is not None, "encode needs at least one text"
        return vectors
