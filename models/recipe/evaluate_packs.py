"""Prints how many held-out questions of the packs the intent head answers with the right intent.

One head over the intents of all packs, trained on their utterances. Settings are chosen on the
calibration part; `--part test` is for the final figure only.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from encode import Encoder
from evaluate_fewshot import auroc
from head import learn_features, train
from packs import LANGUAGES, foreign, questions, utterances

ITERATIONS = 30


def main() -> None:
    """Trains the head once and prints a line for each part and language."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--encoder", type=Path, required=True)
    arguments.add_argument("--model", type=Path, help="another graph than the folder's")
    arguments.add_argument("--packs", type=Path, required=True)
    arguments.add_argument("--part", choices=("calibration", "test"), action="append", required=True)
    arguments.add_argument("--c", type=float, default=10.0)
    arguments.add_argument("--ngram-weight", type=float, default=0.7)
    options = arguments.parse_args()
    encoder = Encoder(options.encoder, options.model, threads=1)
    rows = utterances(options.packs)
    texts, intents = [row[0] for row in rows], [row[1] for row in rows]
    vectors = encoder.encode(texts)
    features = learn_features(texts, vectors)

    def inputs(some: list[str], encoded: np.ndarray) -> list:
        return [features.dense(encoded), features.sparse(some) * options.ngram_weight]

    head = train(inputs(texts, vectors), intents, options.c, ITERATIONS)
    print(f"packs: {len(texts)} utterances, {len(head.classes)} intents, C {options.c:g}, n-grams × {options.ngram_weight:g}")
    for part in options.part:
        for language in LANGUAGES:
            asked = questions(options.packs, part, language)
            others = foreign(options.packs, {"calibration": "out-of-scope", "test": "out-of-scope-test"}[part], language)
            own, beyond = (
                head.logits(inputs(some, encoder.encode(some))) for some in ([text for text, _intent in asked], others)
            )
            right = [head.classes[at] == intent for at, (_text, intent) in zip(own.argmax(1), asked)]
            print(f"packs, {part}.{language}: {100 * np.mean(right):.1f} % of {len(right)} right; "
                  f"out-of-scope AUROC of the largest logit {auroc(own.max(1), beyond.max(1)):.3f}", flush=True)


if __name__ == "__main__":
    main()
