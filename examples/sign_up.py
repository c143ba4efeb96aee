"""A sign-up whose name and biography are checked. A spammer believes that it worked.

Run it from the folder above, then try it out at http://127.0.0.1:8000/docs:

    uvicorn examples.sign_up:app --reload

With `on_spam="silent"` a refused robot gets the answer of a success, and learns nothing about what
gave it away. No account is made: the route's function does not run.
"""

from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel, Field

from fastapi_spamshield import SpamShield, SpamVerdict, spam_check

shield = SpamShield()
app = FastAPI(lifespan=shield.lifespan)


class SignUp(BaseModel):
    """What somebody sends who wants an account."""

    username: str = Field(min_length=1, max_length=40)
    email: str = Field(min_length=3, max_length=200)
    biography: str = Field("", max_length=1_000)
    homepage: str = Field("", max_length=500, description="Hidden in the form; leave it empty.")


class Welcome(BaseModel):
    """The answer. What is not sent has a default, so that the silent answer looks the same."""

    username: str
    next: str = "We have sent you an e-mail: confirm your address to sign in."


class Account(BaseModel):
    """What is kept."""

    username: str
    email: str
    biography: str
    needs_review: bool


# Stands for your database.
accounts: dict[str, Account] = {}


@app.post("/sign-up", status_code=201)
async def sign_up(
    new: SignUp,
    verdict: Annotated[
        SpamVerdict,
        Depends(
            spam_check(
                ("username", "biography"),
                author="username",
                email="email",
                honeypot="homepage",
                kind="signup",
                on_spam="silent",
            )
        ),
    ],
) -> Welcome:
    if new.username in accounts:
        raise HTTPException(409, "This name is taken.")
    accounts[new.username] = Account(
        username=new.username,
        email=new.email,
        biography=new.biography,
        needs_review=verdict.action == "review",
    )
    return Welcome(username=new.username)
