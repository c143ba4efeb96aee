"""Answer at once, judge afterwards: two ways.

Run it from the folder above, then try it out at http://127.0.0.1:8000/docs:

    uvicorn examples.background:app --reload

`spam_check_later` reads the request and hands it to the shield's own queue. `shield.check_many`
judges any texts, wherever they come from; here within a background task of FastAPI.
"""

from typing import Annotated, Literal
from uuid import uuid4

from fastapi import BackgroundTasks, Depends, FastAPI, HTTPException
from pydantic import BaseModel, Field

from fastapi_spamshield import (
    LaterVerdict,
    ShieldDep,
    SpamShield,
    SpamVerdict,
    Submission,
    spam_check_later,
)

shield = SpamShield()
app = FastAPI(lifespan=shield.lifespan)


class ReviewIn(BaseModel):
    """What a customer sends."""

    author: str = Field(min_length=1, max_length=100)
    text: str = Field(min_length=1, max_length=5_000)


class Review(BaseModel):
    """What is kept."""

    id: str
    author: str
    text: str
    state: Literal["waiting", "published", "queued", "refused"] = "waiting"


# Stands for your database.
reviews: dict[str, Review] = {}


def settle(review_id: str, verdict: SpamVerdict) -> None:
    state = {"allow": "published", "review": "queued", "reject": "refused"}[verdict.action]
    reviews[review_id] = reviews[review_id].model_copy(update={"state": state})


async def judged(verdict: SpamVerdict, _: Submission) -> None:
    settle(verdict.id, verdict)


@app.post("/reviews", status_code=202)
async def post_review(
    review: ReviewIn,
    later: Annotated[
        LaterVerdict,
        Depends(
            # The name is published too.
            spam_check_later(("author", "text"), author="author", kind="review", on_verdict=judged)
        ),
    ],
) -> Review:
    # The verdict will have this id, so what is kept under it is found again.
    reviews[later.id] = Review(id=later.id, author=review.author, text=review.text)
    return reviews[later.id]


@app.post("/imports", status_code=202)
async def import_reviews(
    incoming: Annotated[list[ReviewIn], Field(max_length=100)],
    shield: ShieldDep,
    tasks: BackgroundTasks,
) -> list[Review]:
    """Take many reviews at once, for example from another system, which would have to sign in."""
    kept = [Review(id=uuid4().hex, author=review.author, text=review.text) for review in incoming]
    reviews.update({review.id: review for review in kept})

    async def judge() -> None:
        texts = [
            Submission(text=f"{review.author}\n{review.text}", author=review.author, kind="review")
            for review in kept
        ]
        verdicts = await shield.check_many(texts)
        for review, verdict in zip(kept, verdicts, strict=True):
            settle(review.id, verdict)

    tasks.add_task(judge)
    return kept


@app.get("/reviews/{review_id}")
async def read_review(review_id: str) -> Review:
    review = reviews.get(review_id)
    if review is None or review.state != "published":
        raise HTTPException(404, "No such review.")
    return review
