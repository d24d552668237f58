"""Reads the packs' utterances and held-out questions."""

from __future__ import annotations

from pathlib import Path

import yaml

from sentences import read_table

PACKS = ("common", "banking", "ecommerce")
LANGUAGES = ("zh", "en")


def utterances(packs: Path) -> list[tuple[str, str, str]]:
    """Every utterance as (text, intent, language), in a fixed order without repeats."""
    rows: list[tuple[str, str, str]] = []
    for pack in PACKS:
        for path in sorted((packs / pack / "intents").glob("*.yaml")):
            intent = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
            for language in LANGUAGES:
                texts = dict.fromkeys(str(text).strip() for text in intent["utterances"][language])
                rows += [(text, f"{pack}.{intent['id']}", language) for text in texts if text]
    return rows


def questions(packs: Path, part: str, language: str) -> list[tuple[str, str]]:
    """Held-out (text, intent) of every pack; `part` is calibration or test."""
    paths = [packs / pack / f"{part}.{language}.tsv" for pack in PACKS]
    return [(row[0], row[1]) for path in paths for row in read_table(path)]


def foreign(packs: Path, part: str, language: str) -> list[str]:
    """Texts that no intent fits; `part` is out-of-scope or out-of-scope-test."""
    return [row[0] for row in read_table(packs / "common" / f"{part}.{language}.tsv")]
