"""A comment wall: comments, a JSON API and a chat, all behind one shield.

Run it from the root of the repository, then open http://127.0.0.1:8000:

    scripts/demo
    uvicorn examples.comment_wall.app:app --reload

The page shows its moderator's view to everyone, and everyone may approve and remove. In a real
application that part needs a login, and entries go into a database instead of `Wall`.
"""

import time
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import (
    Depends,
    FastAPI,
    Form,
    HTTPException,
    Request,
    Response,
    WebSocket,
)
from fastapi.exception_handlers import request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, StringConstraints

from fastapi_spamshield import (
    SPAM_RESPONSES,
    SpamGuard,
    SpamRejected,
    SpamShield,
    SpamVerdict,
    spam_check,
    spam_guard,
)

from .chat import Room
from .reasons import judged
from .samples import SAMPLES, find_sample
from .wall import Entry, State, Wall, state_after

HERE = Path(__file__).parent
SHOWN = 20  # Of the newest comments and of the newest judgements.
TEXT_LENGTH = 2_000
NAME_LENGTH = 60
EMAIL_LENGTH = 200
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; "
    "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}

shield = SpamShield()
app = FastAPI(title="Comment wall", lifespan=shield.lifespan)
app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
templates = Jinja2Templates(HERE / "templates")
wall = Wall()
room = Room()


class CommentIn(BaseModel):
    """What a visitor writes."""

    name: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=NAME_LENGTH)
    ]
    email: Annotated[str, StringConstraints(strip_whitespace=True, max_length=EMAIL_LENGTH)] = ""
    text: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=TEXT_LENGTH)
    ]
    homepage: str = Field("", max_length=500, description="Leave it empty.")
    elapsed: float | None = Field(
        None, allow_inf_nan=False, description="Seconds from showing the form to sending it."
    )


def seconds_since(shown: float) -> float:
    return time.time() - shown


class CommentForm(CommentIn):
    """The same, from the page's form, which says when it was shown instead of how long it took."""

    elapsed: Annotated[float, AfterValidator(seconds_since)] | None = Field(
        None, alias="shown", allow_inf_nan=False
    )


# The name is shown like the text, so both are judged, as one text with a line for each.
# "inject": refused comments reach the handlers too, since this page shows them to moderators.
check = spam_check(
    ("name", "text"),
    author="name",
    email="email",
    honeypot="homepage",
    elapsed="elapsed",
    on_spam="inject",
)
Verdict = Annotated[SpamVerdict, Depends(check)]


def keep(comment: CommentIn, verdict: SpamVerdict) -> Entry:
    entry = Entry(
        kind="comment",
        name=comment.name,
        email=comment.email,
        text=comment.text,
        homepage=comment.homepage,
        verdict=verdict,
        state=state_after(verdict),
    )
    wall.add(entry)
    return entry


# The page. It works without a script; static/wall.js sends its forms without a reload.


def page(
    request: Request, *, status_code: int = 200, notice: Any = None, draft: Any = None
) -> Response:
    """The whole page.

    Args:
        request: Who asks.
        status_code: Of the answer.
        notice: Says what became of a comment: an entry or a sentence.
        draft: What the form holds already.
    """
    return templates.TemplateResponse(
        request,
        "wall.html",
        {
            "comments": [entry for entry, _ in zip(wall.published(), range(SHOWN), strict=False)],
            "judgements": [
                judged(entry) for entry, _ in zip(wall.newest(), range(SHOWN), strict=False)
            ],
            "policy": shield.policy,
            "samples": SAMPLES,
            "notice": notice,
            "draft": draft,
            "shown": time.time(),
            "lengths": {"name": NAME_LENGTH, "email": EMAIL_LENGTH, "text": TEXT_LENGTH},
        },
        status_code,
        HEADERS,
    )


@app.get("/", include_in_schema=False)
async def read_wall(request: Request, sent: str = "", example: str = "") -> Response:
    return page(request, notice=wall.get(sent), draft=find_sample(example))


@app.post("/comments", include_in_schema=False)
async def send_form(
    request: Request, comment: Annotated[CommentForm, Form()], verdict: Verdict
) -> Response:
    entry = keep(comment, verdict)
    if entry.state == "refused":
        refusal = SpamRejected(verdict, 403)
        # Whoever was refused by mistake finds the text still in the form.
        draft = comment.model_copy(update={"homepage": ""})
        return page(request, status_code=403, notice=refusal.detail, draft=draft)
    return RedirectResponse(f"/?sent={entry.id}#status", 303)


@app.exception_handler(RequestValidationError)
async def incomplete(request: Request, error: RequestValidationError) -> Response:
    if request.url.path != "/comments":
        return await request_validation_exception_handler(request, error)
    sentence = f"Please write a name and a text of at most {TEXT_LENGTH:,} characters."
    return page(request, status_code=422, notice=sentence)


@app.post("/moderation/{entry_id}", include_in_schema=False)
async def moderate(
    entry_id: str, decision: Annotated[Literal["approve", "remove"], Form()]
) -> Response:
    entry = wall.get(entry_id)
    if entry is None:
        raise HTTPException(404, "This entry is gone: only the newest are kept.")
    if decision == "remove":
        wall.move(entry, "removed")
    elif entry.state != "published":
        wall.move(entry, "published")
        if entry.kind == "chat":
            await room.say(entry.name, entry.text)
    return RedirectResponse("/#moderation", 303)


# The JSON API; see /docs.


class CommentOut(BaseModel):
    """What a visitor is told: never the score, never the reasons."""

    id: str
    state: State
    name: str
    text: str
    at: AwareDatetime


@app.post("/api/comments", status_code=201, responses={403: SPAM_RESPONSES[403]})
async def post_comment(comment: CommentIn, verdict: Verdict) -> CommentOut:
    """Write a comment. It is published at once, or held until a moderator has looked at it."""
    entry = keep(comment, verdict)
    if entry.state == "refused":
        raise SpamRejected(verdict, 403)
    return CommentOut.model_validate(entry, from_attributes=True)


@app.get("/api/comments")
async def list_comments() -> list[CommentOut]:
    """The published comments, newest first."""
    return [CommentOut.model_validate(entry, from_attributes=True) for entry in wall.published()]


@app.exception_handler(SpamRejected)
async def refused(_: Request, error: SpamRejected) -> Response:
    return JSONResponse(error.problem(), error.status_code, media_type="application/problem+json")


# The chat.

STRIKES = 3
guard_chat = spam_guard(strikes=STRIKES, flood=(8, 10), max_length=500)


@app.websocket("/chat")
async def chat(websocket: WebSocket, guard: Annotated[SpamGuard, Depends(guard_chat)]) -> None:
    name = await room.enter(websocket)
    try:
        async for message in guard.iter_text(author=name):
            state = state_after(message.verdict)
            wall.add(
                Entry(
                    kind="chat",
                    name=name,
                    text=message.text,
                    verdict=message.verdict,
                    state=state,
                )
            )
            if state == "published":
                await room.say(name, message.text)
            elif state == "held":
                await room.whisper(websocket, "A moderator looks at your message first.")
            else:
                refusal = SpamRejected(message.verdict, 403).detail
                left = STRIKES - guard.struck
                await room.whisper(websocket, f"{refusal} ({left} more and the chat ends.)")
    finally:
        room.leave(websocket)
