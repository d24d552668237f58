"""Prints the time of one utterance and of batches of 8 on this machine, with 1 and 2 threads."""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

from encode import Encoder
from sentences import is_absent, sample

WARM_UP = 50


def median_ms(encoder: Encoder, batches: list[list[list[int]]]) -> tuple[float, float]:
    """p50 and p95 of one call in milliseconds, tokenizing not included."""
    for rows in batches[:WARM_UP]:
        encoder.run(rows)
    spent: list[float] = []
    for rows in batches:
        start = time.perf_counter()
        encoder.run(rows)
        spent.append((time.perf_counter() - start) * 1000)
    return statistics.median(spent), statistics.quantiles(spent, n=20)[-1]


def main() -> None:
    """Measures every setting."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--encoder", type=Path, required=True)
    arguments.add_argument("--model", type=Path)
    arguments.add_argument("--data", type=Path, required=True)
    options = arguments.parse_args()
    if is_absent(options.data):
        return
    texts = sample(options.data, 500)
    for threads in (1, 2):
        start = time.perf_counter()
        encoder = Encoder(options.encoder, options.model, threads)
        loaded = time.perf_counter() - start
        rows = [encoder.token_ids(text) for text in texts]
        p50, p95 = median_ms(encoder, [[row] for row in rows])
        rows.sort(key=len)
        batches = [rows[at : at + 8] for at in range(0, len(rows), 8)]
        batch_p50, _ = median_ms(encoder, batches)
        print(f"{threads} thread(s): one utterance p50 {p50:.1f} ms, p95 {p95:.1f} ms; "
              f"batch of 8 by length p50 {batch_p50:.1f} ms; load {loaded:.2f} s")


if __name__ == "__main__":
    main()
