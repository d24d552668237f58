"""Prints what the intent head and plain cosine reach on the public sets; fails below the bounds.

Heads see the 10-shot training part only. The head's settings were chosen on the dev parts.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from scipy.stats import rankdata

from encode import Encoder
from head import learn_features, train
from sentences import is_absent, read_table

NGRAM_WEIGHT = 0.7
C = 10.0
ITERATIONS = 30
PAIRS = 2500
AT_LEAST = {
    "fewshot_banking77": 82.7,
    "clinc150_full": 90.0,
    "smp2017_ecdt": 84.5,
    "clinc150_full OOS": 0.95,
    "pairs_lcqmc": 67.0,
    "pairs_afqmc": 24.5,
}


def spearman(a: np.ndarray, b: np.ndarray) -> float:
    """Correlation of ranks, ties at their mean rank."""
    return float(np.corrcoef(rankdata(a), rankdata(b))[0, 1])


def auroc(inside: np.ndarray, outside: np.ndarray) -> float:
    """Chance that an in-scope sentence scores above an out-of-scope one."""
    ranks = rankdata(np.concatenate([inside, outside]))[: len(inside)]
    return float((ranks.mean() - (len(inside) + 1) / 2) / len(outside))


def read_part(data: Path, name: str, part: str) -> tuple[list[str], list[str]]:
    """Texts and labels."""
    rows = read_table(data / name / f"{part}.tsv")
    return [row[0] for row in rows], [row[-1] for row in rows]


def evaluate_heads(encoder: Encoder, data: Path, name: str) -> dict[str, float]:
    """Trains three heads (encoder, n-grams, both) on 10 examples a class and prints them."""
    names = ["train_10", "dev", "test"] + (["oos_test"] if name.startswith("clinc") else [])
    parts = {part: read_part(data, name, part) for part in names}
    vectors = {part: encoder.encode(texts) for part, (texts, _labels) in parts.items()}
    features = learn_features(parts["train_10"][0], vectors["train_10"])
    dense = {part: features.dense(vectors[part]) for part in names}
    sparse = {part: features.sparse(parts[part][0]) * NGRAM_WEIGHT for part in names}
    chosen = {
        "encoder": {part: [dense[part]] for part in names},
        "n-grams": {part: [sparse[part] / NGRAM_WEIGHT] for part in names},
        "both": {part: [dense[part], sparse[part]] for part in names},
    }
    figures: dict[str, float] = {}
    for kind, inputs in chosen.items():
        head = train(inputs["train_10"], parts["train_10"][1], C, ITERATIONS)
        logits = {part: head.logits(inputs[part]) for part in names}
        dev, test = (
            100 * float(np.mean([head.classes[i] == label for i, label in zip(logits[part].argmax(1), parts[part][1])]))
            for part in ("dev", "test")
        )
        line = f"{name} 10-shot, {kind}: dev {dev:.1f}, test {test:.1f} ({head.iterations} iterations)"
        if "oos_test" in names:
            scope = auroc(logits["test"].max(1), logits["oos_test"].max(1))
            line += f"; OOS AUROC of the largest logit {scope:.3f}"
            figures[f"{name} OOS"] = scope
        print(line, flush=True)
        figures[name] = test
    if "oos_test" in names:
        near = [(dense[part] @ dense["train_10"].T).max(1) for part in ("test", "oos_test")]
        print(f"{name} OOS AUROC of the nearest training sentence's centred cosine {auroc(*near):.3f}")
    return figures


def evaluate_pairs(encoder: Encoder, data: Path, name: str) -> dict[str, float]:
    """Prints Spearman of plain and centred cosine with the pairs' labels."""
    rows = read_table(data / name / "dev.tsv")[:PAIRS]
    left, right = (encoder.encode([row[column] for row in rows]) for column in (0, 1))
    labels = np.array([float(row[2]) for row in rows])
    mean = np.concatenate([left, right]).mean(0)
    a, b = left - mean, right - mean
    centred = (a * b).sum(1) / (np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)).clip(1e-9)
    plain = 100 * spearman((left * right).sum(1), labels)
    print(f"{name} dev, first {len(rows)}: Spearman {plain:.1f}, centred {100 * spearman(centred, labels):.1f}", flush=True)
    return {name: plain}


def main() -> int:
    """Prints the figures and returns the exit status."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--encoder", type=Path, required=True)
    arguments.add_argument("--model", type=Path, help="another graph than the folder's, such as the float32 one")
    arguments.add_argument("--data", type=Path, required=True)
    options = arguments.parse_args()
    if is_absent(options.data):
        return 0
    encoder = Encoder(options.encoder, options.model)
    figures: dict[str, float] = {}
    for name in ("fewshot_banking77", "clinc150_full", "smp2017_ecdt"):
        figures |= evaluate_heads(encoder, options.data, name)
    for name in ("pairs_lcqmc", "pairs_afqmc"):
        figures |= evaluate_pairs(encoder, options.data, name)
    missed = [f"{name}: {figures[name]:.3f} < {bound}" for name, bound in AT_LEAST.items() if figures[name] < bound]
    print("few-shot bounds:", "; ".join(missed) if missed else "all met")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
