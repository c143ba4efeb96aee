"""A model of the user's own, from a file."""

import math
import os
import zlib
from pathlib import Path
from typing import Any

from ...errors import ConfigurationError
from .model import Model, read


def load(path: str | os.PathLike[str]) -> Model:
    """Read a file that `spamshield train` wrote.

    Args:
        path: Where it is.

    Raises:
        ConfigurationError: It can't be read, is no such file, of another version, or damaged.
    """
    place = Path(path)
    try:
        model = read(place.read_bytes())
    except OSError as error:
        raise ConfigurationError(
            f"model: {place} can't be read ({error.strerror}). Name a file that `spamshield train` "
            "wrote"
        ) from None
    except (ValueError, KeyError, TypeError, zlib.error) as error:
        why = str(error) if type(error) is ValueError else "The file is damaged."
        raise _again(place, why) from None
    numbers: list[Any] = [model.bias, model.scale, *model.factors.values()]
    if not all(isinstance(number, int | float) and math.isfinite(number) for number in numbers):
        raise _again(place, "The file is damaged.")
    return model


def _again(place: Path, why: str) -> ConfigurationError:
    return ConfigurationError(
        f"model: {place}: {why} Copy it again, byte for byte, or write a new one with "
        "`spamshield train` of this version"
    )
