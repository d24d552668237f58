"""The intent head: multinomial logistic regression on the sentence vector plus character n-grams.

This is the reference that the appliance's TypeScript head reproduces; report.md states it in words.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

LONGEST_NGRAM = 4
MEMORY = 10


def normalise(text: str) -> str:
    """NFKC, lower case, runs of white space as one blank."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


def ngrams(text: str) -> Counter[str]:
    """Counts the character 1- to 4-grams, blanks included, without marks at the ends."""
    clean = normalise(text)
    spans = range(1, LONGEST_NGRAM + 1)
    return Counter(clean[i : i + n] for n in spans for i in range(len(clean) - n + 1))


@dataclass(frozen=True)
class Features:
    """What feature extraction learns from the training sentences."""

    mean: np.ndarray
    column: dict[str, int]
    idf: np.ndarray

    def dense(self, vectors: np.ndarray) -> np.ndarray:
        """Subtracts the training mean and restores unit length."""
        centred = vectors - self.mean
        return centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)

    def sparse(self, texts: list[str]) -> csr_matrix:
        """(1 + ln count) × idf for n-grams known from training, each row of unit length."""
        starts, columns, values = [0], [], []
        for text in texts:
            known = [(self.column[g], 1 + np.log(n)) for g, n in ngrams(text).items() if g in self.column]
            row = np.array([value * self.idf[at] for at, value in known])
            columns += [at for at, _ in known]
            values += list(row / max(float(np.linalg.norm(row)), 1e-9))
            starts.append(len(columns))
        return csr_matrix((values, columns, starts), shape=(len(texts), len(self.column)))


def learn_features(texts: list[str], vectors: np.ndarray) -> Features:
    """Learns the mean vector and idf = ln((1 + N) / (1 + sentences with it)) + 1."""
    seen = Counter(gram for text in texts for gram in ngrams(text))
    column = {gram: at for at, gram in enumerate(sorted(seen))}
    counts = np.array([seen[gram] for gram in column])
    return Features(vectors.mean(0), column, np.log((1 + len(texts)) / (1 + counts)) + 1)


@dataclass(frozen=True)
class Head:
    """Weights by class; either part of the features may be left out."""

    classes: list[str]
    weights: list[np.ndarray]
    bias: np.ndarray
    iterations: int

    def logits(self, parts: list) -> np.ndarray:
        """One row a sentence, one column a class."""
        return sum((part @ w for part, w in zip(parts, self.weights)), np.zeros(1)) + self.bias


def train(parts: list, labels: list[str], c: float, iterations: int) -> Head:
    """Minimises mean cross-entropy + ‖W‖² / (2 · c · N) from zero by L-BFGS; the bias goes free."""
    classes = sorted(set(labels))
    target = np.eye(len(classes))[[classes.index(label) for label in labels]]
    total, k = len(labels), len(classes)
    ends = np.cumsum([0, *(part.shape[1] for part in parts)])
    decay = 1 / (c * total)

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(-1, k)
        logits = sum(part @ weights[a:b] for part, a, b in zip(parts, ends[:-1], ends[1:])) + weights[-1]
        logits = logits - logits.max(1, keepdims=True)
        logsum = np.log(np.exp(logits).sum(1, keepdims=True))
        error = (np.exp(logits - logsum) - target) / total
        slope = np.vstack([*(part.T @ error for part in parts), error.sum(0)])
        slope[:-1] += decay * weights[:-1]
        value = -((logits - logsum) * target).sum() / total + decay / 2 * (weights[:-1] ** 2).sum()
        return float(value), slope.ravel()

    flat, used = minimise(loss, np.zeros((ends[-1] + 1) * k), iterations)
    weights = flat.reshape(-1, k)
    return Head(classes, [weights[a:b] for a, b in zip(ends[:-1], ends[1:])], weights[-1], used)


def minimise(
    loss: Callable[[np.ndarray], tuple[float, np.ndarray]], x: np.ndarray, iterations: int
) -> tuple[np.ndarray, int]:
    """L-BFGS, memory 10, Armijo backtracking by halves; stops early at a flat slope."""
    value, slope = loss(x)
    pairs: list[tuple[np.ndarray, np.ndarray]] = []
    for done in range(iterations):
        if np.abs(slope).max() < 1e-5:
            return x, done
        step, factors = slope.copy(), []
        for s, y in reversed(pairs):
            factors.append(s @ step / (s @ y))
            step -= factors[-1] * y
        if pairs:
            s, y = pairs[-1]
            step *= s @ y / (y @ y)
        for (s, y), factor in zip(pairs, reversed(factors)):
            step += (factor - y @ step / (s @ y)) * s
        descent = -(slope @ step)
        rate = 1.0 if pairs else 1.0 / max(float(np.linalg.norm(slope)), 1e-9)
        for _ in range(30):
            new_value, new_slope = loss(x - rate * step)
            if new_value <= value + 1e-4 * rate * descent:
                break
            rate /= 2
        s, y = -rate * step, new_slope - slope
        if s @ y > 1e-12:
            pairs = [*pairs[-(MEMORY - 1) :], (s, y)]
        x, value, slope = x + s, new_value, new_slope
    return x, iterations
