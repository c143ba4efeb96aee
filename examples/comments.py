"""Comments as a JSON API: published, queued for a moderator, or refused.

Run it from the folder above, then try it out at http://127.0.0.1:8000/docs:

    uvicorn examples.comments:app --reload

Members sign in with `Authorization: Bearer open-sesame`: nobody checks what they write, and they
look after the queue.
"""

from secrets import compare_digest
from typing import Annotated, Literal

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, Field

from fastapi_spamshield import SpamShield, SpamVerdict, spam_check

shield = SpamShield()
app = FastAPI(lifespan=shield.lifespan)

# Stands for your database and your way to sign in.
MEMBERS = {"ada": "open-sesame"}
comments: dict[str, "Comment"] = {}


class CommentIn(BaseModel):
    """What a visitor sends."""

    author: str = Field(min_length=1, max_length=100)
    text: str = Field(min_length=1, max_length=5_000)


class Comment(CommentIn):
    """What is kept. The score stays here: senders are not told."""

    id: str
    page: str = Field(description="Such as `articles/bees`: an article and a job may share a name.")
    state: Literal["published", "queued"]
    score: float | None = Field(exclude=True)


class Queued(BaseModel):
    """What a moderator sees."""

    comment: Comment
    score: float | None


async def signed_in(
    credentials: Annotated[
        HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))
    ],
) -> str | None:
    """The member's name, or `None` for a visitor."""
    given = credentials.credentials.encode() if credentials else b""
    for name, token in MEMBERS.items():
        if compare_digest(given, token.encode()):
            return name
    return None


async def member(name: Annotated[str | None, Depends(signed_in)]) -> str:
    if name is None:
        raise HTTPException(401, "Only for members.", {"WWW-Authenticate": "Bearer"})
    return name


def keep(page: str, comment: CommentIn, verdict: SpamVerdict) -> Comment:
    kept = comments[verdict.id] = Comment(
        id=verdict.id,
        page=page,
        author=comment.author,
        text=comment.text,
        state="published" if verdict.action == "allow" else "queued",
        score=verdict.score,
    )
    return kept


# The name is published like the text, so both are judged. That it is a name, `author=` says.
WRITTEN = ("comment.author", "comment.text")


@app.post("/articles/{article}/comments", status_code=201)
async def comment_on_article(
    article: str,
    comment: CommentIn,
    verdict: Annotated[
        SpamVerdict, Depends(spam_check(WRITTEN, author="comment.author", bypass=signed_in))
    ],
) -> Comment:
    return keep(f"articles/{article}", comment, verdict)


@app.post("/jobs/{job}/comments", status_code=201)
async def comment_on_job(
    job: str,
    comment: CommentIn,
    # People do offer things here, so more is let through than elsewhere.
    verdict: Annotated[
        SpamVerdict,
        Depends(
            spam_check(
                WRITTEN,
                author="comment.author",
                bypass=signed_in,
                threshold=0.9,
                review_threshold=0.65,
            )
        ),
    ],
) -> Comment:
    return keep(f"jobs/{job}", comment, verdict)


def published(page: str) -> list[Comment]:
    return [
        comment
        for comment in comments.values()
        if comment.page == page and comment.state == "published"
    ]


@app.get("/articles/{article}/comments")
async def read_comments_on_article(article: str) -> list[Comment]:
    return published(f"articles/{article}")


@app.get("/jobs/{job}/comments")
async def read_comments_on_job(job: str) -> list[Comment]:
    return published(f"jobs/{job}")


@app.get("/queue", dependencies=[Depends(member)])
async def read_queue() -> list[Queued]:
    """What waits for a moderator, the most doubtful first."""
    queued = [comment for comment in comments.values() if comment.state == "queued"]
    queued.sort(key=lambda comment: comment.score or 0.0, reverse=True)
    return [Queued(comment=comment, score=comment.score) for comment in queued]


@app.post("/queue/{comment_id}/{decision}", status_code=204, dependencies=[Depends(member)])
async def decide(comment_id: str, decision: Literal["publish", "delete"]) -> None:
    comment = comments.get(comment_id)
    if comment is None or comment.state != "queued":
        raise HTTPException(404, "No such comment in the queue.")
    if decision == "publish":
        comments[comment_id] = comment.model_copy(update={"state": "published"})
    else:
        del comments[comment_id]
