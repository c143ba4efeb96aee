import json
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run

APP = """
from typing import Annotated

from fastapi import Depends, FastAPI, WebSocket
from pydantic import BaseModel

from fastapi_spamshield import (
    SpamGuard, SpamShield, SpamVerdict, spam_check, spam_check_later, spam_guard,
)

app = FastAPI(lifespan=SpamShield().lifespan)


class CommentIn(BaseModel):
    author: str
    text: str


def signed_in() -> bool:
    return False


class Trusted:
    def __call__(self) -> bool:
        return False


def get_text() -> str:
    return ""


def keep(verdict: object, submission: object) -> None: ...


@app.post("/comments")
def comments(
    comment: CommentIn,
    verdict: Annotated[
        SpamVerdict,
        Depends(spam_check(("text", "author"), threshold=0.8, author="author", bypass=signed_in)),
    ],
) -> None: ...


later = spam_check_later(get_text, on_verdict=keep, bypass=Trusted())


@app.post("/later", dependencies=[Depends(later)])
def deferred() -> None: ...


@app.websocket("/chat")
async def chat(
    websocket: WebSocket, guard: Annotated[SpamGuard, Depends(spam_guard())]
) -> None: ...


@app.get("/open")
def unprotected() -> None: ...
"""
SLIP = """

@app.post("/slip", dependencies=[Depends(spam_check("txet"))])
def slip(comment: CommentIn) -> None: ...


@app.post("/naked")
def naked(verdict: SpamVerdict) -> None: ...
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", [*sys.path])  # It is added, and must not stay.
    return tmp_path


def test_it_lists_what_is_protected(run: Run, here: Path) -> None:
    (here / "listed_app.py").write_text(APP)
    ended = run("routes", "listed_app:app", "--json")
    assert ended.status == 0
    found = json.loads(ended.out)
    assert found["slips"] == []
    comments, deferred, chat = found["routes"]
    assert comments == {
        "method": "POST",
        "path": "/comments",
        "check": "spam_check",
        "places": {"field": "text, author", "author": "author"},
        "options": {"threshold": 0.8},
        "bypass": "signed_in",
    }
    assert (deferred["check"], deferred["places"]) == ("spam_check_later", {"field": "get_text()"})
    assert deferred["bypass"] == "Trusted"
    assert (chat["method"], chat["check"], chat["places"]) == ("WebSocket", "spam_guard", {})
    table = run("routes", "listed_app:app")
    assert table.status == 0
    assert "threshold: 0.8" in table.out
    assert "as the application" in table.out
    assert "/open" not in table.out
    everything = run("routes", "listed_app:app", "--all")
    assert "/open" in everything.out
    assert "none" in everything.out


def test_slips_end_with_1(run: Run, here: Path) -> None:
    (here / "slipping_app.py").write_text(APP + SLIP)
    ended = run("routes", "slipping_app:app")
    assert ended.status == 1
    assert "'txet'" in ended.out
    assert "SpamVerdict without Depends" in ended.out


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("app", "write module:name"),
        (":app", "write module:name"),
        ("nowhere_at_all:app", "no module 'nowhere_at_all'"),
        ("json:app", "has no 'app'"),
        ("json:decoder.JSONDecoder", "is no FastAPI application"),
    ],
)
def test_what_is_no_application(run: Run, here: Path, target: str, says: str) -> None:
    ended = run("routes", target)
    assert ended.status == 78
    assert says in ended.err


def test_an_error_of_the_module_is_shown_as_it_is(here: Path, run: Run) -> None:
    (here / "needy_app.py").write_text("import not_installed_at_all")
    ended = run("routes", "needy_app:app")
    assert ended.status == 70
    assert "ModuleNotFoundError: No module named 'not_installed_at_all'" in ended.err


FORMS = """
from typing import Annotated

from fastapi import Depends, FastAPI, Form

from fastapi_spamshield import FormToken, SpamShield, form_token, spam_check, spam_check_later

app = FastAPI(lifespan=SpamShield().lifespan)


def session_id() -> str:
    return ""


def keep(verdict: object, submission: object) -> None: ...


bound = FormToken("token", purpose="mail", session=session_id, required=True)


@app.get("/form")
def show(token: Annotated[str, Depends(form_token("contact"))]) -> None: ...


@app.post("/form", dependencies=[
    Depends(spam_check("text", form_token="token", kind="contact")),
    Depends(spam_check_later("text", on_verdict=keep, form_token=bound)),
])
def send(text: Annotated[str, Form()], token: Annotated[str, Form()]) -> None: ...
"""


def test_it_shows_what_is_asked_of_form_tokens(run: Run, here: Path) -> None:
    (here / "forms_app.py").write_text(FORMS)
    ended = run("routes", "forms_app:app", "--json")
    assert ended.status == 0
    now, later = json.loads(ended.out)["routes"]
    assert now["places"] == {"field": "text", "form_token": "token (for contact)"}
    assert later["places"]["form_token"] == "token (for mail, bound to session_id(), required)"
    assert "token (for contact)" in run("routes", "forms_app:app").out
