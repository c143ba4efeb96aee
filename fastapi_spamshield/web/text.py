"""The words in whatever an endpoint receives."""

from collections.abc import Iterable
from typing import Any

from starlette.datastructures import UploadFile

from .decoding import decode
from .places import leaves

FILE_BYTES = 1_000_000
"""Of a longer uploaded file, half as much is read from its head and from its tail."""


async def text_of(values: Iterable[Any]) -> str | None:
    """All text in some values, one piece a line; `None` if there is none at all.

    Args:
        values: Text, numbers, lists, models, uploaded files.
    """
    pieces: list[str] = []
    for value in values:
        if type(value) is str:  # nearly always
            pieces.append(value)
            continue
        pieces += [
            await read_upload(leaf) if isinstance(leaf, UploadFile) else leaf
            for leaf in leaves(value)
        ]
    return "\n".join(pieces) if pieces else None


async def read_upload(file: UploadFile) -> str:
    """The text in an uploaded file, which is left at its beginning.

    Args:
        file: What came in, open.
    """
    await file.seek(0)
    content = await file.read(FILE_BYTES)
    if file.size is not None and file.size > FILE_BYTES:
        await file.seek(file.size - FILE_BYTES // 2)
        content = content[: FILE_BYTES // 2] + await file.read()
    await file.seek(0)
    return decode(content)
