"""Comments that a moderator looks through, and an engine that learns of what the moderator says.

Spam and what is doubtful waits; the rest is published at once. A moderator says of anything whether
it is spam, may change her mind, and take back what she said. Run it from the folder above:

    export MODERATOR_TOKEN=a-long-random-word SPAMSHIELD_LEARNING_PATH=learned
    uvicorn examples.learning:create_app --factory

and moderate with the token:

    curl localhost:8000/moderation -H 'Authorization: Bearer a-long-random-word'

The file `learned` keeps what was learned. It is for one process: run one worker.
"""

import os
import secrets
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Path, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, Field

from fastapi_spamshield import (
    Feedback,
    NotRemembered,
    ShieldDep,
    SpamPolicy,
    SpamShield,
    SpamVerdict,
    spam_check,
)
from fastapi_spamshield.feedback import Lessons

SHORTEST_TOKEN = 12

bearer = HTTPBearer()
Id = Annotated[str, Path(max_length=64)]


class CommentIn(BaseModel):
    """What a visitor sends."""

    author: str = Field(min_length=1, max_length=100)
    text: str = Field(min_length=1, max_length=5_000)


class Receipt(BaseModel):
    """All that the visitor learns."""

    state: Literal["published", "waiting"]


class Entry(BaseModel):
    """A comment, and what a moderator has to know of it."""

    id: str = Field(description="Of the verdict.")
    comment: CommentIn
    published: bool
    score: float | None
    reason: str | None
    feedback_id: str | None = None


class Decision(BaseModel):
    """What a moderator says."""

    label: Literal["spam", "ham"]


def create_app() -> FastAPI:
    """The application, as the environment says.

    Raises:
        RuntimeError: There is no token for the moderator, or a short one.
    """
    token = os.environ.get("MODERATOR_TOKEN", "")
    if len(token) < SHORTEST_TOKEN:
        raise RuntimeError(f"MODERATOR_TOKEN: set at least {SHORTEST_TOKEN} characters")
    shield = SpamShield(policy=SpamPolicy(on_spam="inject"))
    app = FastAPI(lifespan=shield.lifespan)
    app.state.token = token
    app.state.entries = {}  # Stands for your database.
    app.include_router(visitors)
    app.include_router(moderators)
    return app


def require_moderator(
    request: Request, given: Annotated[HTTPAuthorizationCredentials, Depends(bearer)]
) -> None:
    """Refuse whoever does not know the token."""
    if not secrets.compare_digest(given.credentials.encode(), request.app.state.token.encode()):
        raise HTTPException(401, "Wrong token.", {"WWW-Authenticate": "Bearer"})


def entries_of(request: Request) -> dict[str, Entry]:
    """All comments, by the id of the verdict."""
    entries: dict[str, Entry] = request.app.state.entries
    return entries


Entries = Annotated[dict[str, Entry], Depends(entries_of)]
visitors = APIRouter()
# A token in a header, and no cookie: no other site can make a moderator's browser send it.
moderators = APIRouter(prefix="/moderation", dependencies=[Depends(require_moderator)])


@visitors.post("/comments", status_code=201)
async def post_comment(
    comment: CommentIn,
    verdict: Annotated[SpamVerdict, Depends(spam_check("text", author="author"))],
    entries: Entries,
) -> Receipt:
    """Take a comment."""
    published = verdict.action == "allow"
    entries[verdict.id] = Entry(
        id=verdict.id,
        comment=comment,
        published=published,
        score=verdict.score,
        reason=verdict.reason,
    )
    return Receipt(state="published" if published else "waiting")


@visitors.get("/comments")
async def published_comments(entries: Entries) -> list[CommentIn]:
    """Those that everybody may read."""
    return [entry.comment for entry in entries.values() if entry.published]


@moderators.get("")
async def queue(entries: Entries) -> list[Entry]:
    """What a moderator looks through: what waits comes first."""
    return sorted(entries.values(), key=lambda entry: entry.published)


@moderators.get("/lessons")
async def lessons(shield: ShieldDep) -> Lessons:
    """How much was learned."""
    return shield.lessons()


@moderators.post("/{verdict_id}")
async def decide(
    verdict_id: Id, decision: Decision, shield: ShieldDep, entries: Entries
) -> Feedback | None:
    """Publish a comment or hide it, and teach that.

    Where the verdict is too old to learn of, the answer is empty; the comment is moved anyway.
    """
    entry = entries.get(verdict_id)
    if entry is None:
        raise HTTPException(404, "There is no such comment.")
    entry.published = decision.label == "ham"
    try:
        feedback = await shield.feedback(verdict_id, decision.label)
    except NotRemembered:
        return None
    entry.feedback_id = feedback.id
    return feedback


@moderators.delete("/feedback/{feedback_id}")
async def take_back(feedback_id: Id, shield: ShieldDep, entries: Entries) -> Feedback:
    """Unlearn a decision; the comment stays where it is."""
    try:
        feedback = await shield.forget(feedback_id)
    except NotRemembered:
        raise HTTPException(404, "There is no such feedback.") from None
    entry = entries.get(feedback.verdict_id)
    if entry is not None:
        entry.feedback_id = None
    return feedback
