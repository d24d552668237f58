"""Checks that Node's tokenizer cuts like the Rust one and that onnxruntime-node runs the graph.

Node's packages come from the folder that this runs in (`npm ci` there first).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from encode import Encoder
from sentences import ODDITIES, is_absent, sample

HERE = Path(__file__).resolve().parent


def main() -> int:
    """Writes what the Rust tokenizer gives to a temporary file and lets Node compare."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--encoder", type=Path, required=True)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--node-folder", type=Path, required=True, help="folder with node_modules")
    arguments.add_argument("--count", type=int, default=600)
    options = arguments.parse_args()
    texts = list(ODDITIES)
    if not is_absent(options.data):
        texts += sample(options.data, options.count - len(ODDITIES))
    encoder = Encoder(options.encoder)
    ids = [encoder.token_ids(text) for text in texts]
    expected = {
        "sentences": [encoder.prefix + text for text in texts],
        "ids": ids,
        "vector": encoder.run(ids[:1])[0].tolist(),
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "expected.json"
        path.write_text(json.dumps(expected), encoding="utf-8")
        command = ["node", str(HERE / "check_tokens.mjs"), str(options.encoder.resolve()), str(path)]
        return subprocess.run(command, cwd=options.node_folder, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
