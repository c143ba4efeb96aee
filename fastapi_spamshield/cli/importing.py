"""Finding an application that stands in a user's own module."""

import importlib
import sys
from pathlib import Path

from starlette.applications import Starlette

from ..errors import ConfigurationError


def imported(target: str) -> Starlette:
    """The application that a target names.

    Args:
        target: `module:name`, as uvicorn takes it; modules of the current directory are found.

    Raises:
        ConfigurationError: There is no such module, no such name, or it is no application.
    """
    module_name, _, name = target.partition(":")
    if not module_name or not name:
        raise ConfigurationError(f"{target!r}: write module:name, such as main:app.")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        found: object = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module_name}.".startswith(f"{error.name}."):
            raise
        raise ConfigurationError(f"There is no module {error.name!r} here or installed.") from None
    for part in name.split("."):
        if not hasattr(found, part):
            raise ConfigurationError(f"The module {module_name!r} has no {name!r}.")
        found = getattr(found, part)
    if not isinstance(found, Starlette):
        raise ConfigurationError(f"{target!r} is no FastAPI application.")
    return found
