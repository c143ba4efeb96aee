"""The page of the documentation about the command line, made of what the commands say themselves.

`python -m tests.commands` writes it; a test demands that it is current.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import typer.main

from fastapi_spamshield.cli import EX_CONFIG, EX_USAGE
from fastapi_spamshield.cli.application import make_application
from fastapi_spamshield.web.faults import FAULTS
from tests.vendors import table

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "command-line.md"
INTRODUCTION = f"""\
# Command line

<!-- Written by `python -m tests.commands`. Change the commands instead. -->

The command `spamshield`, or `python -m fastapi_spamshield`, comes with an extra:

```console
$ python -m pip install "fastapi-spamshield[cli]"
```

It reads the same [`SPAMSHIELD_*` variables](../how-to/settings-from-the-environment.md) as an
application. Besides the statuses that a command has of its own, it ends with {EX_USAGE} where it
was written wrongly, and with {EX_CONFIG} where the set-up is wrong.
"""

EXAMPLES = {
    "check": """\
```console
$ spamshield check "Thanks, the second recipe worked for me!" && echo publish
$ spamshield check --json - < comment.txt
```
""",
    "serve": """\
```console
$ SPAMSHIELD_KEYS=a-long-secret spamshield serve --port 8787
$ spamshield serve --fault hang:0.1 --fault rate_limited=30:0.2
```

[The gateway](../how-to/gateway.md) says what it answers.
""",
    "routes": """\
```console
$ spamshield routes main:app
```
""",
    "doctor": """\
```console
$ SPAMSHIELD_STRICTNESS=high spamshield doctor
```
""",
    "eval": """\
```console
$ spamshield eval corpus.jsonl --max-fpr 0.005 --by lang --report report.html
$ SPAMSHIELD_MODEL=model.bin spamshield eval corpus.jsonl.gz --json
```

[Measure and tune](../how-to/measure-and-tune.md) says what a corpus is, and what the figures mean.
""",
    "tune": """\
```console
$ spamshield tune corpus.jsonl --max-fpr 0.005 --review-fpr 0.05
```
""",
    "train": """\
```console
$ python -m pip install "fastapi-spamshield[cli,train]"
$ spamshield train corpus.jsonl --out model.bin
```
""",
}

FAULTS_TEXT = f"""\
### Faults

`--fault NAME[=VALUE][:SHARE]` lets a share of the answers go wrong, for tests of a client. A name
is one of
{", ".join(f"`{name}`" for name in FAULTS)},
or an [error](errors.md) such as `rate_limited`, `quota`, `auth` or `unavailable`, which is answered
as the vendor would. The value is seconds for `slow_headers`, for each byte of `slow_body` and for
the `Retry-After` of an error; megabytes for `gzip_bomb`; the number of a `status`.

What no application behind a web server can do is not among them: to refuse or reset a connection,
to send what is not HTTP, or to send the head of an answer byte by byte. Stop the server for the
first, and take a server on bare sockets for the others.
"""


def commands() -> dict[str, Any]:
    """Every command by its name."""
    group: Any = typer.main.get_command(make_application())
    return dict(group.commands)


def written(parameter: Any) -> str:
    """How a parameter is written."""
    if parameter.param_type_name == "argument":
        return f"`{parameter.metavar or parameter.name.upper()}`"
    name = "`, `".join([*parameter.opts, *parameter.secondary_opts])
    return f"`{name}`" if parameter.is_flag else f"`{name} {parameter.metavar or 'VALUE'}`"


def default(parameter: Any) -> str:
    """What a parameter is by default."""
    if parameter.required:
        return "needed"
    return "" if parameter.default in (None, False, ()) else f"`{parameter.default}`"


def parameters(command: Any) -> Iterator[Iterable[str]]:
    """The rows of a command's table."""
    for parameter in command.params:
        if parameter.name != "help":
            yield written(parameter), default(parameter), parameter.help


def page() -> str:
    """The whole page."""
    parts = [INTRODUCTION]
    for name, command in commands().items():
        parts += [f"## {name}\n", f"{command.help}\n", EXAMPLES[name]]
        parts.append(table(("", "Default", ""), parameters(command)))
        if name == "serve":
            parts.append(FAULTS_TEXT)
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
