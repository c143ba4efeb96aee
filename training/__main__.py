"""Train the weights of the embedded engine.

    scripts/train [--data FOLDER] [--out FILE] [--seed NUMBER]

Without a folder of corpora (README.md says which) it trains on the texts of this project alone.
The same texts and seed give the same file.
"""

import argparse
import hashlib
from collections.abc import Sequence
from pathlib import Path

from fastapi_spamshield.detectors.local.model import write

from .learning import learn
from .rows import Row, corpus_rows, own_rows

SHIPPED = (
    Path(__file__).parent.parent / "fastapi_spamshield" / "detectors" / "local" / "weights.bin"
)
SEED = 5


def main(arguments: Sequence[str] | None = None) -> None:
    """Write a file of weights."""
    parser = argparse.ArgumentParser(prog="scripts/train", description="Train the engine.")
    parser.add_argument("--data", type=Path, help="a folder of corpora, as README.md describes")
    parser.add_argument("--out", type=Path, default=SHIPPED, help="the file to write")
    parser.add_argument("--seed", type=int, default=SEED, help="of all choices that are made")
    options = parser.parse_args(arguments)
    rows: list[Row] = [*own_rows(), *(corpus_rows(options.data) if options.data else ())]
    data = write(learn(rows, options.seed))
    options.out.write_bytes(data)
    print(f"{options.out}: {len(data):,} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}")


if __name__ == "__main__":
    main()
