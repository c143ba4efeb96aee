"""The trained part of the engine: what the wording of a text says, learned from labelled texts."""

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .ngrams import BUCKETS, SIZES, Buckets, divisor_of, shares_of

MAGIC: Final = b"spamshield weights 1\n"
SPAM: Final = "weights.bin"
TOXICITY: Final = "toxicity.bin"


@dataclass(frozen=True, eq=False, kw_only=True)
class Model:
    """A linear model of the log-odds of spam.

    It adds up a constant, a number for each n-gram that counts, divided by what `divisor_of` says
    for so many of them, and a factor times the strength of each named signal.

    Attributes:
        bias: The constant, in logit units, at the rate of spam that is to be expected.
        scale: What one step of a weight counts.
        weights: A whole number from -127 to 127 for each bucket.
        factors: What the strength of a named signal counts, never below 0.
        about: How the model came about.
    """

    bias: float
    scale: float
    weights: NDArray[np.int8]
    factors: Mapping[str, float]
    about: Mapping[str, Any]

    def wording(self, buckets: Buckets) -> "Wording":
        """What the n-grams of a text say.

        Args:
            buckets: Those of a text.
        """
        shares = shares_of(buckets)
        counting = self.weights[buckets] * shares
        divisor = divisor_of(_whole(shares))
        return Wording(_whole(counting) * self.scale / divisor, counting, self.scale / divisor)


class Wording(NamedTuple):
    """What the n-grams of a text say.

    Attributes:
        log_odds: What all of them together add to the log-odds of spam.
        counting: The weight of each, as far as it counts.
        step: What one step of a weight adds.
    """

    log_odds: float
    counting: NDArray[np.float64]
    step: float

    def parts(self) -> NDArray[np.float64]:
        """What each n-gram adds to the log-odds; those that are the same share it."""
        return self.counting * self.step


def _whole(parts: NDArray[np.float64]) -> int:
    """The sum of what adds up to a whole number, but for how fractions are rounded."""
    return round(float(np.add.reduce(parts)))


def write(model: Model) -> bytes:
    """A model as the bytes of a file.

    A line that names the format; a line of JSON with all but the weights, and the SHA-256 of these;
    the weights, one signed byte for each bucket, compressed by zlib.

    Args:
        model: Any.
    """
    weights = model.weights.tobytes()
    head = {
        "sizes": list(SIZES),
        "bias": model.bias,
        "scale": model.scale,
        "factors": dict(sorted(model.factors.items())),
        "about": dict(model.about),
        "sha256": hashlib.sha256(weights).hexdigest(),
    }
    return MAGIC + json.dumps(head, ensure_ascii=False).encode() + b"\n" + zlib.compress(weights, 9)


def read(data: bytes) -> Model:
    """A model from the bytes of a file.

    Args:
        data: What `write` made.

    Raises:
        ValueError: It is no such file, of another version, or damaged.
    """
    if not data.startswith(MAGIC):
        raise ValueError("This is no file of weights, or one of another version.")
    line, _, packed = data[len(MAGIC) :].partition(b"\n")
    head = json.loads(line)
    weights = zlib.decompress(packed)
    if (
        head["sizes"] != list(SIZES)
        or len(weights) != BUCKETS
        or hashlib.sha256(weights).hexdigest() != head["sha256"]
    ):
        raise ValueError("The file of weights is damaged, or made for other n-grams.")
    return Model(
        bias=head["bias"],
        scale=head["scale"],
        weights=np.frombuffer(weights, np.int8),
        factors=MappingProxyType(head["factors"]),
        about=MappingProxyType(head["about"]),
    )


@cache
def shipped(name: str) -> Model:
    """A model of this folder, read once.

    Args:
        name: `SPAM` or `TOXICITY`.
    """
    return read(resources.files(__name__.rpartition(".")[0]).joinpath(name).read_bytes())


def default_model() -> Model:
    """The model that tells spam from ham."""
    return shipped(SPAM)
