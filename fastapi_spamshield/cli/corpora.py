"""What the commands that read labelled texts have in common."""

import logging
import sys
import tempfile
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

from ..errors import ConfigurationError, CorpusError
from ..evaluation.corpus import STDIN, Corpus
from ..evaluation.judging import Judged, Recorder, judge
from ..policy import SpamPolicy
from ..shield import Shield

BROKEN: Final = 1
"""The status where something is not as demanded."""

BAD_CORPUS: Final = 2
"""The status where the texts can't be used."""

Files = Annotated[
    list[str],
    typer.Argument(
        metavar="CORPUS...",
        help="Files of labelled texts: JSON lines or CSV, plain or .gz; - is standard input.",
    ),
]
TextName = Annotated[
    str | None,
    typer.Option("--text-column", help="The files are CSV, and this is their column of texts."),
]
LabelName = Annotated[
    str | None,
    typer.Option("--label-column", help="The same for the labels, which are spam or ham."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Show JSON instead of tables.")]


@contextmanager
def explained() -> Generator[None]:
    """Say what is wrong with a corpus, and end with the status for it."""
    try:
        yield
    except CorpusError as error:
        sys.stderr.write(f"spamshield: {error}\n")
        raise typer.Exit(BAD_CORPUS) from None


def can_be_written(option: str, path: Path, files: Sequence[str]) -> None:
    """See that a file can be written before the work is done for it.

    Args:
        option: Which names it.
        path: The file.
        files: Those of the corpus, none of which it may be.

    Raises:
        ConfigurationError: It can't, or would be lost.
    """
    if any(file != STDIN and path.resolve() == Path(file).resolve() for file in files):
        raise ConfigurationError(f"{option} {path} is a file of the corpus. Name another.")
    try:
        with tempfile.TemporaryFile(dir=path.parent) if not path.exists() else path.open("ab"):
            pass
    except OSError as error:
        raise ConfigurationError(f"{option} {path} can't be written: {error.strerror}.") from None


async def judged(
    corpus: Corpus,
    shield: Shield,
    recorder: Recorder,
    policy: SpamPolicy | None = None,
) -> Judged:
    """What a shield says of a corpus, with a bar of progress where somebody looks.

    Args:
        corpus: The texts.
        shield: Is not open yet.
        recorder: Writes down what is found.
        policy: Instead of the shield's own.

    Raises:
        CorpusError: The corpus can't be read, or is empty.
    """
    with _only_errors(), progress(corpus) as on_progress:
        async with shield:
            found = await judge(corpus, shield, recorder, policy=policy, on_progress=on_progress)
    if not len(found.spam):
        raise CorpusError("There are no texts in the corpus.")
    return found


@contextmanager
def progress(corpus: Corpus) -> Generator[Callable[[int], None]]:
    """A bar that grows with what was read of a corpus; nothing where no terminal is.

    Args:
        corpus: Is being read.

    Yields:
        What to call after some texts each with how many they were.
    """
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.fields[texts]:,} texts"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("", total=corpus.size, texts=0)
        texts = 0

        def grow(more: int) -> None:
            nonlocal texts
            texts += more
            bar.update(task, completed=corpus.position, texts=texts)

        yield grow


@contextmanager
def _only_errors() -> Generator[None]:
    # A service that is down would say so of every single text; the figures say how often.
    logger = logging.getLogger("fastapi_spamshield")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)


def tell_ignored(console: Console, ignored: dict[str, int]) -> None:
    """Say which fields of a corpus were not understood.

    Args:
        console: Where.
        ignored: The fields, and how often each occurred.
    """
    if ignored:
        names = ", ".join(_short(name) for name in list(ignored)[:10])
        more = f" and {len(ignored) - 10} more" if len(ignored) > 10 else ""  # noqa: PLR2004 - as above
        console.print(
            Text(f"Fields that mean nothing here, and were ignored: {names}{more}.", style="yellow")
        )


def _short(name: str) -> str:
    return repr(name[:30])


def tell_errors(console: Console, errors: dict[str, int]) -> None:
    """Say why texts were not measured.

    Args:
        console: Where.
        errors: How often which error.
    """
    if errors:
        told = ", ".join(f"{error} {count:,}" for error, count in errors.items())
        console.print(Text(f"Not measured, and counted as neither: {told}.", style="yellow"))
