"""Labelled texts in files: JSON lines or CSV, plain or compressed, read one at a time."""

import csv
import gzip
import json
import re
import sys
import zlib
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from ..errors import CorpusError
from .rows import Labelled, labelled, unknown

STDIN: Final = "-"
_GZIP: Final = b"\x1f\x8b"
_MOST_NAMES: Final = 1_000
_HALF: Final = re.compile(r"\\u[dD][89a-fA-F]")
_LONGEST_CELL: Final = 1 << 30
"""As long as a line of JSON may be, for all that anybody has; the reader's own limit is 128 KiB."""


class Corpus:
    """The labelled texts of some files, in their order. Only one is in memory at a time.

    Each file holds JSON lines, or CSV with a line of names where its own name ends in `.csv` or
    `.tsv` or a column is named. Any of them may be compressed with gzip.

    Args:
        files: Paths; `-` is standard input.
        text_column: The column of the text in CSV. Default: `text`.
        label_column: The column of the label. Default: `label`.

    Attributes:
        files: As they were given.
        ignored: How often each field occurred that means nothing here.
    """

    def __init__(
        self,
        files: Sequence[str],
        *,
        text_column: str | None = None,
        label_column: str | None = None,
    ) -> None:
        self.files: list[str] = list(files)
        if self.files.count(STDIN) > 1:
            raise CorpusError("- stands there twice; standard input can be read only once.")
        self._columns = {"text": text_column or "text", "label": label_column or "label"}
        self._is_csv = bool(text_column or label_column)
        self._read = 0
        self._raw: BinaryIO | None = None
        self.ignored: Counter[str] = Counter()

    @property
    def size(self) -> int | None:
        """The bytes of all files; `None` where that is not known before they were read."""
        if STDIN in self.files:
            return None
        return sum(path.stat().st_size for path in map(Path, self.files) if path.is_file())

    @property
    def position(self) -> int:
        """How many of these bytes have been read."""
        return self._read + (self._raw.tell() if self._raw is not None else 0)

    def __iter__(self) -> Iterator[Labelled]:
        """The labelled texts.

        Raises:
            CorpusError: A file can't be read, or a line is no labelled text.
        """
        self._read = 0
        self.ignored.clear()
        for file in self.files:
            try:
                with self._opened(file) as stream:
                    yield from self._rows(file, stream)
            except (OSError, EOFError, zlib.error) as error:
                raise CorpusError(f"{file} can't be read: {_why(error)}.") from None

    @contextmanager
    def _opened(self, file: str) -> Generator[BinaryIO]:
        if file == STDIN:
            yield _unpacked(sys.stdin.buffer)
            return
        with Path(file).open("rb") as raw:
            self._raw = raw
            try:
                yield _unpacked(raw)
            finally:
                self._read += raw.tell()
                self._raw = None

    def _rows(self, file: str, stream: BinaryIO) -> Iterator[Labelled]:
        name = file.lower().removesuffix(".gz")
        if self._is_csv or name.endswith((".csv", ".tsv")):
            rows = self._columns_of(file, stream, "\t" if name.endswith(".tsv") else ",")
        else:
            rows = _lines_of(file, stream)
        for number, row in rows:
            try:
                one = labelled(row, file, number)
            except ValueError as error:
                raise _bad(file, number, str(error)) from None
            for field in unknown(cast("dict[str, Any]", row)):
                if len(self.ignored) < _MOST_NAMES or field in self.ignored:
                    self.ignored[field] += 1
            yield one

    def _columns_of(
        self, file: str, stream: BinaryIO, delimiter: str
    ) -> Iterator[tuple[int, object]]:
        lines = (line for _, line in _decoded(file, stream))
        csv.field_size_limit(_LONGEST_CELL)
        reader = csv.DictReader(lines, delimiter=delimiter, strict=True)
        names = {column: name for name, column in self._columns.items()}
        try:
            missing = [column for column in names if column not in (reader.fieldnames or ())]
            if missing:
                option = f"--{names[missing[0]]}-column"
                raise _bad(file, 1, f"there is no column {missing[0]!r}; name yours with {option}")
            twice = [one for one, often in Counter(reader.fieldnames or ()).items() if often > 1]
            if twice:
                raise _bad(file, 1, f"two columns are called {twice[0]!r}; rename one")
            for row in reader:
                if None in row or None in row.values():
                    raise _bad(
                        file,
                        reader.line_num,
                        "it has not as many cells as the first line; put those with commas or line "
                        "breaks into quotes",
                    )
                given = {names.get(name, name): cell for name, cell in row.items()}
                # A cell that is empty was not filled in; a text may be empty.
                yield (
                    reader.line_num,
                    {n: cell for n, cell in given.items() if cell or n in self._columns},
                )
        except csv.Error as error:
            raise _bad(file, reader.line_num + 1, f"it is no CSV ({error}); mend it") from None


def _unpacked(stream: Any) -> BinaryIO:
    packed: bool = stream.peek(len(_GZIP))[: len(_GZIP)] == _GZIP
    return cast("BinaryIO", gzip.GzipFile(fileobj=stream) if packed else stream)


def _decoded(file: str, stream: BinaryIO) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(stream, 1):
        try:
            yield number, line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            raise _bad(file, number, "it is not UTF-8; save the file so") from None


def _lines_of(file: str, stream: BinaryIO) -> Iterator[tuple[int, object]]:
    for number, line in _decoded(file, stream):
        if line.isspace():
            continue
        try:
            row: object = json.loads(line)
        except json.JSONDecodeError as error:
            raise _bad(
                file, number, f"it is no JSON ({error.msg}, column {error.colno}); mend it"
            ) from None
        except RecursionError:
            raise _bad(file, number, "its JSON is nested too deeply; flatten it") from None
        except ValueError:
            raise _bad(file, number, "it holds a number of thousands of digits") from None
        if _HALF.search(line):
            row = _whole(row)
        yield number, row


def _whole(value: object) -> object:
    """JSON without halves of characters, which no file and no terminal takes."""
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, dict):
        pairs = cast("dict[str, object]", value).items()
        return {cast("str", _whole(name)): _whole(inside) for name, inside in pairs}
    if isinstance(value, list):
        return [_whole(inside) for inside in cast("list[object]", value)]
    return value


def _bad(file: str, line: int, why: str) -> CorpusError:
    return CorpusError(f"{file}, line {line}: {why}.")


def _why(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return "its compression is damaged"
