"""A contact form that refuses spam, and marks what is doubtful for whoever reads the messages.

Run it from the folder above, then open http://127.0.0.1:8000:

    uvicorn examples.contact_form:app --reload

The form carries a signed token that says when it was shown, and that is good for one message. For
several workers, and to survive a restart, set SPAMSHIELD_SECRET to what `openssl rand -hex 32`
prints.
"""

from collections import deque
from html import escape
from typing import Annotated

from fastapi import Depends, FastAPI, Form, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from fastapi_spamshield import SpamRejected, SpamShield, SpamVerdict, form_token, spam_check

shield = SpamShield()
app = FastAPI(lifespan=shield.lifespan)

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Contact</title>
<h1>Contact</h1>
{}
"""

# The homepage is a trap: people do not see it, robots fill it in.
FORM = """<form method="post">
  <p><label>Name<br><input name="name" required maxlength="100"></label>
  <p><label>E-mail<br><input name="email" type="email" required maxlength="200"></label>
  <p><label>Subject<br><input name="subject" required maxlength="200"></label>
  <p><label>Message<br><textarea name="message" required maxlength="5000"></textarea></label>
  <p aria-hidden="true" style="position: absolute; left: -100vw">
    <label>Homepage <input name="homepage" tabindex="-1" autocomplete="off"></label>
  <input type="hidden" name="token" value="{token}">
  <p><button>Send</button>
</form>"""


class Message(BaseModel):
    """What the form sends."""

    name: str = Field(min_length=1, max_length=100)
    email: str = Field(min_length=3, max_length=200)
    subject: str = Field(min_length=1, max_length=200)
    message: str = Field(min_length=1, max_length=5_000)
    homepage: str = Field("", max_length=500)
    # Without one the message is not refused; that it is missing is evidence.
    token: str = Field("", max_length=500)


# Stands for your mail or your ticket system.
inbox: deque[tuple[str, Message]] = deque(maxlen=100)


@app.get("/")
async def show_form(token: Annotated[str, Depends(form_token("contact"))]) -> HTMLResponse:
    page = PAGE.format(FORM.format(token=token))
    # A shared cache would show everybody the same token. The browser's own may keep the page:
    # whoever goes back to it finds what they wrote, and a token that is still good.
    return HTMLResponse(page, headers={"Cache-Control": "private, no-cache"})


@app.post("/")
async def send(
    form: Annotated[Message, Form()],
    verdict: Annotated[
        SpamVerdict,
        Depends(
            spam_check(
                ("subject", "message"),
                author="name",
                email="email",
                honeypot="homepage",
                form_token="token",
                kind="contact",
            )
        ),
    ],
) -> HTMLResponse:
    doubt = "[spam?] " if verdict.action == "review" else ""
    inbox.append((doubt + form.subject, form))
    return HTMLResponse(PAGE.format(f"<p>Thank you, {escape(form.name)}. We have it."))


@app.exception_handler(SpamRejected)
async def refused(_: Request, error: SpamRejected) -> Response:
    return HTMLResponse(PAGE.format(f"<p>{error.detail}"), error.status_code)
