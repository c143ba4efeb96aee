"""The command `spamshield`; what it is made of is an optional extra."""

import sys
import traceback
from collections.abc import Sequence

from ..errors import ConfigurationError

EX_USAGE = 64
"""The status of a command that was written wrongly: 1 and 2 are answers of `check`."""

EX_SOFTWARE = 70
"""The status of a command that has failed by a fault of its own."""

EX_CONFIG = 78
"""The status of a set-up that is wrong."""

_EXTRA = ("jinja2", "rich", "typer", "uvicorn")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and end the process with its status.

    Args:
        arguments: Instead of those of the process.

    Raises:
        SystemExit: Always.
    """
    try:
        from .application import run  # noqa: PLC0415 - it needs the extra
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in _EXTRA:
            raise
        sys.exit(
            f"The command needs {missing}, which is not installed. Install it with:\n"
            "python -m pip install 'fastapi-spamshield[cli]'"
        )
    try:
        status = run(list(sys.argv[1:] if arguments is None else arguments), usage=EX_USAGE)
    except ConfigurationError as error:
        sys.stderr.write(f"spamshield: {error}\n")
        status = EX_CONFIG
    except Exception:  # noqa: BLE001 - Python would end with 1, which is an answer of `check`
        traceback.print_exc()
        status = EX_SOFTWARE
    sys.exit(status)
