"""An application in a process of its own, on a free port of 127.0.0.1."""

import re
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager


class NotStarted(RuntimeError):
    """The server ended before it listened."""


@contextmanager
def serving(app: str) -> Generator[int]:
    """Run an application with uvicorn and give its port.

    Args:
        app: `module:name`.

    Raises:
        NotStarted: It did not start; the message has what it wrote.
    """
    command = [sys.executable, "-m", "uvicorn", app, "--port", "0", "--no-access-log"]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as process:
        try:
            yield _port(process)
        finally:
            process.terminate()


def _port(process: subprocess.Popen[str]) -> int:
    written: list[str] = []
    for line in process.stderr or ():
        written.append(line)
        if found := re.search(r"running on http://127\.0\.0\.1:(\d+)", line):
            return int(found[1])
    raise NotStarted("".join(written))
