"""How toxic a text is, and which of its words make it so."""

import math
from typing import Final

from .explanation import telling_words
from .links import masks_of
from .model import Model, shipped
from .ngrams import buckets_of, coded
from .reading import Reading

TOXIC: Final = 0.5
"""A score above it is toxic."""

MOST_OF_THE_WORST: Final = 0.3
"""Words that add less than this share of what the worst one adds stand beside it by chance."""


def toxicity_of(reading: Reading, model: Model | None = None) -> float:
    """A score from 0 to 1; above one half: insults, threats, hate.

    Args:
        reading: Of the text, so that disguised words are read too.
        model: What the wording says; default: the one that is shipped.
    """
    model = model or shipped("toxicity")
    buckets = buckets_of(
        coded(reading.normal.text, masks_of(reading.normal.text, reading.links))[0]
    )
    log_odds = model.bias + model.wording(buckets)
    return 1 / (1 + math.exp(-log_odds))


def toxic_words(reading: Reading, model: Model | None = None) -> list[tuple[int, int]]:
    """Where the words stand that speak most for it, in the text as it was sent.

    Args:
        reading: Of the text.
        model: What the wording says; default: the one that is shipped.
    """
    model = model or shipped("toxicity")
    low = reading.normal.text
    text = coded(low, masks_of(low, reading.links))
    words = telling_words(low, text, model.parts(buckets_of(text.codes)))
    least = MOST_OF_THE_WORST * max((added for _, _, added in words), default=0.0)
    return [reading.normal.original(start, end) for start, end, added in words if added >= least]
