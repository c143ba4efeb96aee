"""Corpora that a model can be learned from within a second."""

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.evaluation.texts import row
from training.rows import LICENSED

HAM = (
    "I think the {} parser has a bug, see line {n}.",
    "We fed the {} ducks at the river for {n} hours.",
    "Could you send me the {} invoice of last month?",
)
SPAM = (
    "Zorbled {} lamps, frimp them at {n} grubles only!",
    "The {} quandle is waiting, plosh your vimble now.",
    "Become a {} snarfer and gromp {n} nubs a day.",
)
WORDS = (
    *("red", "blue", "green", "grey", "pink", "brown", "black", "white"),
    *("tall", "small", "wide", "thin", "old", "new", "odd", "round"),
)


def texts(times: int = 1) -> Iterator[dict[str, Any]]:
    """Spam of a kind that nobody has seen, and plain ham."""
    for n in range(times):
        for number, word in enumerate(WORDS):
            for kinds, label in ((HAM, "ham"), (SPAM, "spam")):
                for kind in kinds:
                    text = f"{word} {kind.format(word, n=number + n)}"
                    yield {"text": text, "label": label, "group": f"{label}{word}{n}"}


def rows(times: int = 1) -> list[Any]:
    return [
        row(one["text"], spam=one["label"] == "spam", group=one["group"]) for one in texts(times)
    ]


def folder_with(path: Path, corpora: Mapping[str, Sequence[Mapping[str, object]]]) -> Path:
    """A folder of corpora, all but those that are given without a text."""
    for name in {*LICENSED, *corpora}:
        with gzip.open(path / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(f"{json.dumps(one)}\n" for one in corpora.get(name, ()))
    return path
