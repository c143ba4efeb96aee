"""A sign-up whose name and biography are checked. A spammer believes that it worked.

Run it from the folder above, then try it out at http://127.0.0.1:8000/docs:

    uvicorn examples.sign_up:app --reload

With `on_spam="silent"` a refused robot gets the answer of a success, and learns nothing about what
gave it away. No account is made: the route's function does not run.

That works only where the function has but one answer. An error such as "this address is taken"
would show a robot which of its attempts got as far as that, and everybody who has an account. So
whatever there is to say is said by e-mail, which only the owner of the address reads.
"""

from collections import deque
from typing import Annotated, NamedTuple

from fastapi import Depends, FastAPI
from pydantic import BaseModel, Field

from fastapi_spamshield import SpamShield, SpamVerdict, spam_check

shield = SpamShield()
app = FastAPI(lifespan=shield.lifespan)


class SignUp(BaseModel):
    """What somebody sends who wants an account."""

    name: str = Field(min_length=1, max_length=40)
    email: str = Field(min_length=3, max_length=200)
    biography: str = Field("", max_length=1_000)
    homepage: str = Field("", max_length=500, description="Hidden in the form; leave it empty.")


class Welcome(BaseModel):
    """The answer. What is not sent has a default, so that the silent answer looks the same."""

    name: str
    next: str = "We have sent you an e-mail: read it to go on."


class Account(BaseModel):
    """What is kept."""

    name: str
    email: str
    biography: str
    needs_review: bool


class Letter(NamedTuple):
    """An e-mail. It quotes nothing that was sent, or it would carry spam to strangers."""

    to: str
    text: str


# Stand for your database and your way to send e-mail.
accounts: dict[str, Account] = {}
outbox: deque[Letter] = deque(maxlen=100)


@app.post("/sign-up", status_code=202)
async def sign_up(
    new: SignUp,
    verdict: Annotated[
        SpamVerdict,
        Depends(
            spam_check(
                ("name", "biography"),
                author="name",
                email="email",
                honeypot="homepage",
                kind="signup",
                on_spam="silent",
            )
        ),
    ],
) -> Welcome:
    if new.email in accounts:
        outbox.append(
            Letter(new.email, "You have an account already. Did you forget your password?")
        )
    else:
        outbox.append(Letter(new.email, "Confirm your address to sign in."))
        accounts[new.email] = Account(
            name=new.name,
            email=new.email,
            biography=new.biography,
            needs_review=verdict.action == "review",
        )
    return Welcome(name=new.name)
