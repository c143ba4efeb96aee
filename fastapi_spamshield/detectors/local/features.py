"""What is learned from of a text: which n-grams it has, and whether it is word for word another."""

from hashlib import blake2b
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .links import masks_of
from .ngrams import BUCKETS, SIZES, Buckets, buckets_of, coded
from .reading import reading_of

Grams = NDArray[np.uint32]

MOST: Final = 1_000
"""How many n-grams of a text are learned from: of a longer one those with the lowest hashes.

They are the same ones for texts that have the same parts (A. Broder, "On the resemblance and
containment of documents", 1997).
"""

DIGEST_BYTES: Final = 16
"""Few enough to keep, too many to find another text by trying that has the same."""

_PROBE: Final = (
    "Wir FREUEN uns: 20 % off at https://shop.example/a1 \N{FIRE} привет, 你好 c\u0430sino"
)


class Features(NamedTuple):
    """What is learned from of a text. The text can't be read from it, but it can be guessed at.

    Attributes:
        digest: Of the whole normalised text.
        grams: The buckets of its longest n-grams, each once, in rising order; at most `MOST`.
    """

    digest: bytes
    grams: Grams

    def packed(self) -> bytes:
        """The same as bytes."""
        return packed(self.digest, self.grams)


def packed(digest: bytes, grams: Grams) -> bytes:
    """Features as bytes, made in a hurry.

    Args:
        digest: Of the text.
        grams: As `sorted_grams` has them, perhaps too many.
    """
    return digest + grams[:MOST].astype("<u4", copy=False).tobytes()


def unpacked(data: bytes) -> Features:
    """Features from what `packed` made.

    Args:
        data: The bytes.

    Raises:
        ValueError: They are none.
    """
    rest = data[DIGEST_BYTES:]
    if len(data) >= DIGEST_BYTES and len(rest) % 4 == 0:
        grams = np.frombuffer(rest, "<u4").astype(np.uint32)
        if (grams < BUCKETS).all() and (grams[1:] >= grams[:-1]).all():
            return Features(data[:DIGEST_BYTES], distinct(grams))
    raise ValueError("these are no features of a text.")


def digest_of(low: str) -> bytes:
    """A digest of a text, by which its repetition is known.

    Args:
        low: The text, normalised.
    """
    return blake2b(low.encode("utf-8", "surrogatepass"), digest_size=DIGEST_BYTES).digest()


def sorted_grams(buckets: Buckets, characters: int) -> Grams:
    """The buckets of the longest n-grams in rising order: where they stood is not kept.

    Short n-grams are in every text of a language. What the texts of one campaign share, and others
    have not, are longer pieces.

    Args:
        buckets: All of them, as `buckets_of` has them.
        characters: How many the text has, as the model sees it.
    """
    count = max(characters - SIZES[-1] + 1, 0)
    grams = buckets[len(buckets) - count :].astype(np.uint32)
    grams.sort()
    return grams


def distinct(grams: Grams) -> Grams:
    """Each of them once.

    Args:
        grams: In rising order.
    """
    first = np.ones(len(grams), np.bool_)
    np.not_equal(grams[1:], grams[:-1], out=first[1:])
    return grams[first]


def features_of(text: str) -> Features:
    """What is learned from of a text that the engine has not read.

    Args:
        text: As it was sent, or a sample of it.
    """
    reading = reading_of(text)
    low = reading.normal.text
    codes = coded(low, masks_of(low, reading.links)).codes
    return unpacked(packed(digest_of(low), sorted_grams(buckets_of(codes), len(codes))))


def fingerprint() -> str:
    """Which features these are: another one where the same text has others."""
    return blake2b(features_of(_PROBE).packed(), digest_size=8).hexdigest()
