"""The trained part of the engine: what the wording of a text says, learned from labelled texts."""

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from .ngrams import MOST_OF_ONE, Buckets, counting, divisor_of, scheme

MAGIC: Final = b"spamshield weights 2\n"

Kind = Literal["spam", "toxicity"]
"""What a model is to tell."""

_FILES: Final[Mapping[Kind, str]] = MappingProxyType(
    {"spam": "weights.bin", "toxicity": "toxicity.bin"}
)


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

    def parts(self, buckets: Buckets) -> NDArray[np.float64]:
        """What each n-gram adds to the log-odds; those that are the same share it.

        Args:
            buckets: Those of a text.
        """
        unique, places, counts = np.unique(buckets, return_inverse=True, return_counts=True)
        counted = np.minimum(counts, MOST_OF_ONE)
        shares = self.weights[unique] * (counted / counts)
        return shares[places] * (self.scale / divisor_of(int(counted.sum())))

    def wording(self, buckets: Buckets) -> float:
        """What all n-grams together add to the log-odds.

        Args:
            buckets: Those of a text.
        """
        counted = counting(buckets)
        total = int(self.weights.take(counted).sum(dtype=np.int64))
        return total * self.scale / divisor_of(len(counted))


def write(model: Model, kind: Kind = "spam") -> bytes:
    """A model as the bytes of a file.

    A line that names the format; the SHA-256 of all that follows; a line of JSON with all but the
    weights; the weights, one signed byte for each bucket, compressed by zlib.

    Args:
        model: Any.
        kind: What it tells.
    """
    head = {
        "kind": kind,
        "scheme": scheme(),
        "bias": model.bias,
        "scale": model.scale,
        "factors": dict(sorted(model.factors.items())),
        "about": dict(model.about),
    }
    packed = zlib.compress(model.weights.tobytes(), 9)
    content = json.dumps(head, ensure_ascii=False).encode() + b"\n" + packed
    return MAGIC + hashlib.sha256(content).hexdigest().encode() + b"\n" + content


def read(data: bytes, kind: Kind = "spam") -> Model:
    """A model from the bytes of a file.

    Args:
        data: What `write` made.
        kind: What it is to tell.

    Raises:
        ValueError: It is no such file, of another version or kind, or damaged.
    """
    if not data.startswith(MAGIC):
        raise ValueError("This is no file of weights, or one of another version.")
    digest, _, content = data[len(MAGIC) :].partition(b"\n")
    if digest != hashlib.sha256(content).hexdigest().encode():
        raise ValueError("The file is damaged.")
    line, _, packed = content.partition(b"\n")
    head = json.loads(line)
    if head["kind"] != kind:
        raise ValueError(f"It is a model of {head['kind']}, not of {kind}.")
    if head["scheme"] != scheme():
        raise ValueError("It was made for other n-grams.")
    return Model(
        bias=head["bias"],
        scale=head["scale"],
        weights=np.frombuffer(zlib.decompress(packed), np.int8),
        factors=MappingProxyType(head["factors"]),
        about=MappingProxyType(head["about"]),
    )


@cache
def shipped(kind: Kind) -> Model:
    """A model of this folder, read once.

    Args:
        kind: What it tells.
    """
    folder = resources.files(__name__.rpartition(".")[0])
    return read(folder.joinpath(_FILES[kind]).read_bytes(), kind)


def default_model() -> Model:
    """The model that tells spam from ham."""
    return shipped("spam")
