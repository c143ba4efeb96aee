"""A corpus that a model can be learned from within a second."""

from collections.abc import Iterator
from typing import Any

from tests.evaluation.texts import row

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
