"""A contact form behind a hosted service, with the embedded engine for when the service is away.

The environment says which service, so that the code is the same everywhere. Without any setting the
embedded engine judges alone. Run it from the folder above:

    export SPAMSHIELD_DETECTOR=siftfy SPAMSHIELD_API_KEY=your-key
    uvicorn examples.hosted_service:create_app --factory

or with Akismet, which wants the sender's address and your site's:

    export SPAMSHIELD_DETECTOR=akismet SPAMSHIELD_API_KEY=your-key
    export SPAMSHIELD_SITE_URL=https://blog.example SPAMSHIELD_SEND=text,ip,author,email
    uvicorn examples.hosted_service:create_app --factory

A key that is missing stops the start, and so does one that Akismet refuses. Behind a proxy set
SPAMSHIELD_TRUSTED_PROXIES too, or the service is told no address.
"""

from collections import deque
from typing import Annotated, Literal, NamedTuple

from fastapi import APIRouter, Depends, FastAPI, Form, Response
from pydantic import BaseModel, Field

from fastapi_spamshield import ShieldDep, SpamShield, SpamVerdict, spam_check

router = APIRouter()


class Message(BaseModel):
    """What the form sends."""

    name: str = Field(min_length=1, max_length=100)
    email: str = Field(min_length=3, max_length=200)
    message: str = Field(min_length=1, max_length=5_000)
    homepage: str = Field("", max_length=500, description="Hidden in the form; leave it empty.")


class Receipt(BaseModel):
    """All that the sender learns."""

    state: Literal["published", "held"]


class Readiness(BaseModel):
    """What a load balancer wants to know, and a person who wonders why."""

    ready: bool
    detectors: dict[str, str]


class Held(NamedTuple):
    """What a moderator needs: the message, and why it waits."""

    message: Message
    verdict: SpamVerdict


# They stand for your database.
published: deque[Message] = deque(maxlen=100)
held: deque[Held] = deque(maxlen=100)


@router.post("/messages", status_code=201)
async def send(
    form: Annotated[Message, Form()],
    verdict: Annotated[
        SpamVerdict,
        Depends(
            spam_check("message", author="name", email="email", honeypot="homepage", kind="contact")
        ),
    ],
) -> Receipt:
    # What nobody could measure has the action "review" too: an outage publishes nothing.
    if verdict.action == "allow":
        published.append(form)
        return Receipt(state="published")
    held.append(Held(form, verdict))
    return Receipt(state="held")


@router.get("/ready")
async def ready(shield: ShieldDep, response: Response) -> Readiness:
    """Ready as long as one of the detectors can be asked; keep it from the public."""
    health = shield.health()
    # Not by `error`: without traffic it stays as it is, and traffic comes only to what is ready.
    # An open breaker becomes half open by itself.
    able = any(one.breaker != "open" for one in health)
    if not able:
        response.status_code = 503
    return Readiness(ready=able, detectors={one.detector: one.breaker for one in health})


def create_app() -> FastAPI:
    """The application, as the environment says."""
    shield = SpamShield()
    app = FastAPI(lifespan=shield.lifespan)
    app.include_router(router)
    return app
