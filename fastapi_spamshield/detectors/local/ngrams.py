"""A text as numbers: the buckets of its n-grams of characters.

Every sequence of two, three or five characters is hashed into one of 2^18 buckets. All sequences of
one length are hashed at once from those that are one shorter: a few operations on whole arrays,
however long the text is.
"""

import math
from collections.abc import Iterable
from hashlib import blake2b
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint32]
Buckets = NDArray[np.uint32]

SIZES: Final = (2, 3, 5)
"""How many characters the n-grams have. Those of four add time, and nothing to what is found."""

BITS: Final = 18
BUCKETS: Final = 1 << BITS

MOST_OF_ONE: Final = 2
"""How often one n-gram counts in a text."""

ENOUGH_ROOT: Final = 11.0
"""The square root of how many n-grams are enough to be sure of a text: about 40 characters."""

LONG_ROOT: Final = 60.0
"""The square root of how many n-grams make a text long: about 900 characters."""

# Odd, so that nothing is lost modulo 2^32: that over the golden ratio, and a constant of
# MurmurHash3 that carries what differs in the low bits to the high ones.
_STEP: Final = np.uint32(0x9E3779B1)
_MIX: Final = np.uint32(0x85EBCA6B)
_SHIFT: Final = np.uint32(32 - BITS)

_ASCII: Final = bytes(
    32 if chr(code).isspace() else ord("0") if chr(code).isdigit() else code for code in range(256)
)
_ASCII_CODES: Final = np.frombuffer(_ASCII, np.uint8)[:128].astype(np.uint32)

Mask = tuple[int, int, int]
"""Start, end, and the number that stands for all characters between them, however many."""


class Coded(NamedTuple):
    """A text as the model sees it.

    Attributes:
        codes: A number for each character, with a space before and after.
        places: Of each the place in the text, -1 for the space before.
    """

    codes: Codes
    places: NDArray[np.intp]


def coded(low: str, masks: Iterable[Mask] = ()) -> Coded:
    """The characters of a text as the model sees them.

    All digits are one, so are all ASCII spaces.

    Args:
        low: The text, normalised.
        masks: What the model is not to read.
    """
    padded = f" {low} "
    if padded.isascii():
        codes = np.frombuffer(padded.encode().translate(_ASCII), np.uint8).astype(np.uint32)
    else:
        wide = np.frombuffer(padded.encode("utf-32-le", "surrogatepass"), "<u4")
        codes = np.where(wide < len(_ASCII_CODES), _ASCII_CODES[wide & 127], wide)
    kept = np.ones(len(codes), np.bool_)
    for start, end, code in masks:
        codes[start + 1] = code
        kept[start + 2 : end + 1] = False
    places = np.flatnonzero(kept)
    return Coded(codes if len(places) == len(codes) else codes[places], places - 1)


def buckets_of(codes: Codes) -> Buckets:
    """The buckets of all n-grams, those of the first of `SIZES` first, each in order of the text.

    Args:
        codes: At least two characters.
    """
    hashed = codes
    found: list[Codes] = []
    for size in range(2, min(SIZES[-1], len(codes)) + 1):
        hashed = hashed[:-1] * _STEP + codes[size - 1 :]
        if size in SIZES:
            found.append(hashed)
    return (np.concatenate(found) * _MIX) >> _SHIFT


def counting(buckets: Buckets) -> Buckets:
    """Those that count, in no particular order: of one n-gram the first two.

    What a text repeats says little more. Measured on sources that were left out, this is better
    than to count all of them and than to count each once.

    Args:
        buckets: Of a text.
    """
    ordered = np.sort(buckets)
    kept = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[MOST_OF_ONE:], ordered[:-MOST_OF_ONE], out=kept[MOST_OF_ONE:])
    return ordered[kept]


def divisor_of(count: int) -> float:
    """What the weights of so many n-grams are divided by: the square root, in most texts.

    In short texts it is more, since few n-grams are no ground to be sure: without this a greeting
    alone, such as "Hello!", scored 0.99. In long texts it is more too, since many small weights of
    one sign would make a long text ever surer.

    Args:
        count: How many n-grams count.
    """
    return max(math.sqrt(count), ENOUGH_ROOT, count / LONG_ROOT)


def scheme() -> str:
    """A short name of how texts become buckets, the same as long as weights for them are.

    It is made from what becomes of a text, so that nobody can forget to change it.
    """
    buckets = buckets_of(coded("a b\N{CYRILLIC SMALL LETTER A}1 \N{FIRE}" * 2).codes)
    rule = [BITS, MOST_OF_ONE, ENOUGH_ROOT, LONG_ROOT]
    return blake2b(f"{rule}{buckets.tolist()}".encode(), digest_size=8).hexdigest()
