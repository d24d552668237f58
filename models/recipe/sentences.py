"""Reads the evaluation sets from the data folder; their text never enters the repository."""

from __future__ import annotations

import random
from pathlib import Path

SOURCES = (
    ("fewshot_banking77/test.tsv", (0,)),
    ("clinc150_full/test.tsv", (0,)),
    ("smp2017_ecdt/test.tsv", (0,)),
    ("pairs_lcqmc/dev.tsv", (0, 1)),
    ("pairs_afqmc/dev.tsv", (0, 1)),
    ("crosswoz/utterances.tsv", (0,)),
    ("tatoeba_zh_en/pairs.tsv", (0, 1)),
)
# Ours: what the public sets lack and customers type.
ODDITIES = (
    "ＡＢＣ１２３，你好！",
    "我的订单号是 ２０２４１１２２００１，什么时候发货？？",
    "退款 99.90 元 💰 什么时候到账😭😭",
    "👍👍👍",
    "ｉＰｈｏｎｅ　１５　Ｐｒｏ　多少钱",
    "Can I get a refund of €19.99 or £17.50?",
    "WiFi密码是多少 wifi password pls",
    "  leading and   double  spaces ",
    "tab\tand\u00a0no-break\u3000full-width space",
    "zero\u200bwidth and bom\ufeff",
    "①②③ ㈱ ½ ﬁne",
    "１３８－１２３４－５６７８",
    "您好～请问「会员卡」怎么办理……",
    "naïve café façade Zürich",
    "ありがとう 고마워 спасибо",
    "<s> </s> <unk> <pad>",
    "👨\u200d👩\u200d👧 family ❤\ufe0f",
    "¥1,299.00 和 ￥５０ 有区别吗",
    "",
    "𠮷野家在哪里",
)


def read_table(path: Path) -> list[list[str]]:
    """Reads a tab-separated file without header."""
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    return [line.split("\t") for line in lines if line.strip()]


def is_absent(data: Path) -> bool:
    """Says so on the console when the evaluation sets are not on this machine."""
    absent = not all((data / name).is_file() for name, _columns in SOURCES)
    if absent:
        print("SKIPPED: the evaluation sets are not in the data folder (see models/recipe/README.md)")
    return absent


def sample(data: Path, count: int) -> list[str]:
    """Draws `count` mixed Chinese and English sentences, the same ones at every run."""
    chosen = random.Random(20240601)
    share = -(-count // len(SOURCES))
    drawn: list[str] = []
    for name, columns in SOURCES:
        texts = sorted({row[column] for row in read_table(data / name) for column in columns if row[column].strip()})
        drawn += chosen.sample(texts, share)
    chosen.shuffle(drawn)
    return drawn[:count]
