"""Routes that answer spam as if all were well."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import (
    Depends,
    FastAPI,
)
from pydantic import (
    BaseModel,
)

from fastapi_spamshield import (
    SpamShield,
    spam_check,
)
from tests.support import SPAM, Drive


class CommentIn(BaseModel):
    text: str


@dataclass
class Sent:
    text: str
    author: dict[str, str]


SILENT = [Depends(spam_check("text", on_spam="silent"))]

Endpoint = Callable[..., Any]


async def answers(
    endpoint: Endpoint, shield: SpamShield, drive: Drive, *, path: str = "/", **options: Any
) -> tuple[Any, Any]:
    """What somebody is answered who sends ham, and one who sends spam."""
    check = spam_check("text", on_spam="silent", silent_response=options.pop("silent", None))
    app = FastAPI(lifespan=shield.lifespan)
    app.post(path, dependencies=[Depends(check)], **options)(endpoint)
    async with drive(app) as request:
        sent = path.format(slug="a", id="b")
        return (
            await request("POST", sent, json={"text": "ham"}, follow_redirects=False),
            await request("POST", sent, json={"text": SPAM}, follow_redirects=False),
        )
