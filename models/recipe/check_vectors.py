"""Compares the int8 encoder's sentence vectors with the float32 export's; fails below the bounds."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

from encode import Encoder
from sentences import is_absent, sample

MEAN_AT_LEAST = 0.99
MINIMUM_AT_LEAST = 0.97


def main() -> int:
    """Prints the figures and returns the exit status."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--encoder", type=Path, required=True)
    arguments.add_argument("--fp32", type=Path, required=True)
    arguments.add_argument("--model", type=Path, help="another int8 graph than the folder's")
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--count", type=int, default=500)
    options = arguments.parse_args()
    if is_absent(options.data):
        return 0
    texts = sample(options.data, options.count)
    exact = Encoder(options.encoder, options.fp32).encode(texts)
    # One by one, as the appliance asks: dynamic quantization makes a vector depend on its batch.
    small = Encoder(options.encoder, options.model).encode(texts, batch=1)
    batched = Encoder(options.encoder, options.model).encode(texts, batch=8)
    cosine = (exact * small).sum(1)
    print(f"vectors: {len(texts)} sentences, cosine to float32 mean {cosine.mean():.4f}, "
          f"1 % {np.quantile(cosine, 0.01):.4f}, minimum {cosine.min():.4f}")
    left, right = exact - exact.mean(0), small - small.mean(0)
    centred = (left * right).sum(1) / (np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1))
    print(f"centred vectors: cosine to float32 mean {centred.mean():.4f}, minimum {centred.min():.4f}")
    together = (exact * batched).sum(1)
    print(f"vectors in batches of 8: mean {together.mean():.4f}, minimum {together.min():.4f}")
    lowest = min(cosine.min(), together.min())
    return int(cosine.mean() < MEAN_AT_LEAST or lowest < MINIMUM_AT_LEAST)


if __name__ == "__main__":
    sys.exit(main())
