"""A model of the user's own, from a file."""

import os
from pathlib import Path

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
        return read(place.read_bytes())
    except OSError as error:
        raise ConfigurationError(
            f"model: {place} can't be read ({error.strerror}). Name a file that `spamshield train` "
            "wrote"
        ) from None
    except ValueError as error:
        raise ConfigurationError(
            f"model: {place}: {error} Copy it again, byte for byte, or write a new one with "
            "`spamshield train` of this version"
        ) from None
