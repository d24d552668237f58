"""Prunes the 250,002-piece vocabulary to Chinese and English and writes `tokenizer.json`.

The tokenizer is an XLM-RoBERTa Unigram without the compiled normalisation map: NFKC, white-space
folding and a Metaspace do the same work and exist in every tokenizer library.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from importlib import resources

from tokenizers import Tokenizer, models

CONTRACTIONS = (
    "don't doesn't didn't isn't aren't wasn't weren't haven't hasn't hadn't won't wouldn't couldn't shouldn't "
    "mustn't needn't ain't can't dont doesnt didnt isnt arent wasnt havent hasnt wont wouldnt couldnt shouldnt "
    "cannot cant im ive whats thats todo favorite theater ok okay app wifi email vip txt url pdf id"
).split()
SPACE = "▁"
SPECIALS = ("<s>", "<pad>", "</s>", "<unk>")
LAST_BMP = 0xFFFF  # @xenova/transformers 2.17 never finds pieces beyond: emoji there are <unk>
WORDS = 30_000  # the most frequent; all 82,765 add 5,700 pieces (2.2 MB) for 0.1 % of sentences
UNKNOWN_ID = SPECIALS.index("<unk>")
HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
CJK_PUNCTUATION = "\u3001-\u3003\u3008-\u3020\u3030\ufe30-\ufe4f\uff01-\uff20\uff3b-\uff40\uff5b-\uff65\uffe0-\uffe6"
MIXED_WITH = r"\x21-\x7e\u00b7\u2014\u2018-\u201d\u2026"
CHINESE = re.compile(f"[{MIXED_WITH}]*[{HAN}{CJK_PUNCTUATION}][{HAN}{CJK_PUNCTUATION}{MIXED_WITH}]*")
SHORT_ASCII = re.compile(r"[\x21-\x7e]{0,2}|[\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]{3,4}")
NUMBER = re.compile(r"[0-9]{1,4}")
AMOUNT = re.compile(r"(?=.*[0-9])[-+$%.,:/0-9]{1,5}")
# Zero-width marks, byte-order mark, variation selectors and control characters carry no meaning
# for the encoder; literal in the pattern because regex dialects escape them differently.
INVISIBLE = "[\u0001-\u0008\u000e-\u001f\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]"


def english_words() -> list[str]:
    """Words of symspellpy's frequency dictionary (MIT; SCOWL crossed with Google Books)."""
    name = "frequency_dictionary_en_82_765.txt"
    text = (resources.files("symspellpy") / name).read_text(encoding="utf-8-sig")
    return CONTRACTIONS + [line.split()[0] for line in text.splitlines()[:WORDS]]


def is_symbol(text: str) -> bool:
    """One symbol, punctuation mark, emoji, number sign or Latin, Greek or kana letter."""
    if len(text) != 1:
        return False
    if unicodedata.category(text)[0] in "SPN" and not "\u0530" <= text <= "\u1fff":
        return True
    return "\u00a1" <= text <= "\u017f" or "α" <= text <= "ω" or "\u3041" <= text <= "\u30ff"


def is_kept_by_form(piece: str) -> bool:
    """Says whether a piece stays for its characters alone."""
    text = piece.replace(SPACE, "")
    if any(ord(char) > LAST_BMP for char in text):
        return False
    return bool(
        SHORT_ASCII.fullmatch(text)
        or NUMBER.fullmatch(text)
        or AMOUNT.fullmatch(text)
        or CHINESE.fullmatch(text)
        or is_symbol(text)
    )


def spellings(words: Iterable[str]) -> Iterable[str]:
    """Each word in lower case and capitalised; short ones also in capitals (APP, VIP)."""
    for word in words:
        yield word
        yield word.capitalize()
        if len(word) <= 4:
            yield word.upper()


def needed_by_words(vocabulary: list[tuple[str, float]], words: Iterable[str]) -> set[str]:
    """Pieces that the full vocabulary cuts these words into."""
    unigram = models.Unigram(vocabulary, unk_id=UNKNOWN_ID, byte_fallback=False)
    cut = Tokenizer(unigram)
    encoded = cut.encode_batch([SPACE + word for word in spellings(words)])
    return {piece for line in encoded for piece in line.tokens}


def prune(pieces: list[str], scores: Iterable[float]) -> list[int]:
    """Chooses the ids to keep: the four special pieces first, then the others in old order."""
    vocabulary = list(zip(pieces, (float(score) for score in scores)))
    words = needed_by_words(vocabulary, english_words())
    kept = [
        old
        for old, piece in enumerate(pieces)
        if old >= len(SPECIALS) and piece != "<mask>" and (is_kept_by_form(piece) or piece in words)
    ]
    return [*range(len(SPECIALS)), *kept]


def tokenizer_json(vocabulary: list[tuple[str, float]]) -> dict:
    """Builds the tokenizer file as Hugging Face's libraries read it.

    Metaspace carries both `add_prefix_space`, which @xenova/transformers 2.17 reads, and
    `prepend_scheme`, which newer libraries read.
    """
    metaspace = {"type": "Metaspace", "replacement": SPACE, "add_prefix_space": True, "prepend_scheme": "always"}
    special = [
        {"id": i, "content": token, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
        for i, token in enumerate(SPECIALS)
    ]
    ends = [{"SpecialToken": {"id": token, "type_id": 0}} for token in ("<s>", "</s>")]
    first, second = ({"Sequence": {"id": name, "type_id": 0}} for name in "AB")
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": special,
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "Replace", "pattern": {"Regex": INVISIBLE}, "content": ""},
                {"type": "NFKC"},
                {"type": "Replace", "pattern": {"Regex": "\\s+"}, "content": " "},
                {"type": "Strip", "strip_left": True, "strip_right": True},
            ],
        },
        "pre_tokenizer": metaspace,
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [ends[0], first, ends[1]],
            "pair": [ends[0], first, ends[1], ends[1], second, ends[1]],
            "special_tokens": {
                token: {"id": token, "ids": [SPECIALS.index(token)], "tokens": [token]} for token in ("<s>", "</s>")
            },
        },
        "decoder": metaspace,
        "model": {"type": "Unigram", "unk_id": UNKNOWN_ID, "vocab": [list(entry) for entry in vocabulary], "byte_fallback": False},
    }
