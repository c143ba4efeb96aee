import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from examples.comment_wall import app as application
from examples.comment_wall.chat import Room
from examples.comment_wall.reasons import Piece, pieces, reasons
from examples.comment_wall.samples import SAMPLES
from examples.comment_wall.wall import Entry, Wall
from fastapi_spamshield import Signal, SpamPolicy
from fastapi_spamshield.detectors.local.test_strings import (
    SPAM_TEST_STRING,
    SUSPICIOUS_TEST_STRING,
)
from tests.support import Drive

HAM = "The part about the bees was new to me. Thank you for writing it."
OUTCOMES = {
    "thanks": "published",
    "other-language": "published",
    "offer": "held",
    "spam": "refused",
    "robot": "refused",
}


@pytest.fixture(autouse=True)
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    wall = Wall()
    monkeypatch.setattr(application, "wall", wall)
    monkeypatch.setattr(application, "room", Room())
    return wall


def form(text: str, **fields: str) -> dict[str, str]:
    return {"name": "Ada", "text": text, "homepage": "", "shown": "1000", **fields}


async def test_a_comment_is_published(drive: Drive, wall: Wall) -> None:
    async with drive(application.app) as client:
        sent = await client("POST", "/comments", data=form(HAM), follow_redirects=False)
        assert sent.status_code == 303
        page = await client("GET", sent.headers["location"])
        [listed] = (await client("GET", "/api/comments")).json()
    assert "<b>Published.</b> Thank you, <bdi>Ada</bdi>." in page.text
    assert page.text.count(HAM) == 2
    assert listed["text"] == HAM
    [entry] = wall.newest()
    assert entry.verdict.score is not None
    assert urlsplit(sent.headers["location"]).query == f"sent={entry.id}"


async def test_a_doubtful_one_waits_for_a_moderator(drive: Drive, wall: Wall) -> None:
    async with drive(application.app) as client:
        held = await client("POST", "/comments", data=form(SUSPICIOUS_TEST_STRING))
        page = held if held.status_code == 200 else await client("GET", held.headers["location"])
        assert "<b>Held for review.</b>" in page.text
        assert (await client("GET", "/api/comments")).json() == []
        [entry] = wall.newest()
        await client("POST", f"/moderation/{entry.id}", data={"decision": "approve"})
        assert len((await client("GET", "/api/comments")).json()) == 1
        await client("POST", f"/moderation/{entry.id}", data={"decision": "remove"})
        assert (await client("GET", "/api/comments")).json() == []
        unknown = await client("POST", "/moderation/none", data={"decision": "remove"})
    assert unknown.status_code == 404


async def test_spam_is_refused_and_the_text_stays_in_the_form(drive: Drive, wall: Wall) -> None:
    async with drive(application.app) as client:
        page = await client("POST", "/comments", data=form(SPAM_TEST_STRING, homepage="x"))
    assert page.status_code == 403
    [entry] = wall.newest()
    assert f"This could not be accepted. Reference: {entry.id}" in page.text
    assert f"\n{SPAM_TEST_STRING}</textarea>" in page.text
    assert 'autocomplete="off" value=""' in page.text, "the trap is empty for the next try"


async def test_what_is_missing_is_said_in_a_page_and_to_programs_in_json(
    drive: Drive, wall: Wall
) -> None:
    async with drive(application.app) as client:
        page = await client("POST", "/comments", data=form("   "))
        problem = await client("POST", "/api/comments", json={"name": "Ada", "text": " "})
    assert page.status_code == problem.status_code == 422
    assert "Please write a name and a text" in page.text
    assert problem.json()["detail"][0]["loc"] == ["body", "text"]
    assert not list(wall.newest())


async def test_the_json_route(drive: Drive, wall: Wall) -> None:
    async with drive(application.app) as client:
        published = await client("POST", "/api/comments", json={"name": "Ada", "text": HAM})
        held = await client(
            "POST", "/api/comments", json={"name": "Ada", "text": SUSPICIOUS_TEST_STRING}
        )
        refused = await client(
            "POST", "/api/comments", json={"name": "Ada", "text": SPAM_TEST_STRING}
        )
        answers = (await client("GET", "/openapi.json")).json()["paths"]["/api/comments"]["post"][
            "responses"
        ]
        docs = await client("GET", "/docs")
    assert published.status_code == held.status_code == 201
    assert published.json().keys() == {"id", "state", "name", "text", "at"}
    assert (published.json()["state"], held.json()["state"]) == ("published", "held")
    assert refused.status_code == 403
    assert refused.headers["content-type"] == "application/problem+json"
    reference = next(iter(wall.newest())).id
    assert refused.json()["detail"] == f"This could not be accepted. Reference: {reference}"
    assert answers.keys() == {"201", "403", "422"}
    assert docs.status_code == 200


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.key)
async def test_a_sample_does_what_its_title_says(drive: Drive, wall: Wall, sample: Any) -> None:
    async with drive(application.app) as client:
        page = await client("GET", f"/?example={sample.key}")
        await client(
            "POST",
            "/comments",
            data=form(sample.text, name=sample.name, homepage=sample.homepage),
        )
    assert f"\n{sample.text}</textarea>" in page.text
    [entry] = wall.newest()
    assert entry.state == OUTCOMES[sample.key]


async def test_markup_is_shown_as_text(drive: Drive) -> None:
    attack = '<script>alert(1)</script>" onmouseover="x'
    fields = form(
        f"{attack} casino bonus & free bitcoin", name=attack, email=attack, homepage=attack
    )
    async with drive(application.app) as client:
        page = await client("POST", "/comments", data=fields)
    assert "<script>alert" not in page.text
    assert 'onmouseover="' not in page.text
    assert page.text.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 5


async def test_the_page_may_load_only_its_own_files(drive: Drive) -> None:
    async with drive(application.app) as client:
        page = await client("GET", "/")
        static = [
            (await client("GET", f"/static/{name}")).status_code
            for name in ("wall.css", "wall.js", "icon.svg")
        ]
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert " style=" not in page.text
    assert static == [200] * 3


def signal(name: str, start: int, end: int, field: str = "text", weight: float = 1.0) -> Signal:
    return Signal(name=name, weight=weight, span=(start, end), field=field)


def test_pieces_count_characters_and_not_halves_of_them() -> None:
    assert pieces("🥧🥧 casino 🥧", [signal("trigger_phrase", 3, 9)], "text") == [
        Piece("🥧🥧 ", ""),
        Piece("casino", "trigger phrase"),
        Piece(" 🥧", ""),
    ]


def test_pieces_that_overlap() -> None:
    signals = [signal("outer", 1, 5), signal("inner", 2, 3), signal("late", 4, 99)]
    found = pieces("abcdefg", signals, "text")
    assert found == [
        Piece("a", ""),
        Piece("b", "outer"),
        Piece("c", "outer, inner"),
        Piece("d", "outer"),
        Piece("e", "outer, late"),
        Piece("fg", "late"),
    ]


def test_pieces_of_one_field_and_of_nothing() -> None:
    signals = [signal("here", 0, 1, "author"), Signal(name="nowhere", weight=1.0)]
    assert pieces("ab", signals, "text") == [Piece("ab", "")]
    assert pieces("", signals, "author") == []


def test_pieces_of_a_part_of_a_field() -> None:
    signals = [signal("over", 1, 5), signal("behind", 4, 6), signal("name", 0, 2, "author")]
    assert pieces("ab", signals, "author", "text") == [Piece("a", "name"), Piece("b", "over, name")]
    assert pieces("def", signals, "text", begin=3) == [
        Piece("d", "over"),
        Piece("e", "over, behind"),
        Piece("f", "behind"),
    ]


async def test_a_name_is_judged_and_marked_like_the_text(drive: Drive, wall: Wall) -> None:
    async with drive(application.app) as client:
        for name in ("Earn money fast", "FREE VIAGRA http://pill.example"):
            await client("POST", "/comments", data=form(HAM, name=name))
        page = await client("GET", "/")
    assert [entry.state for entry in wall.newest()] == ["refused", "held"]
    assert re.search(r'<bdi>.*<mark title="[^"]*trigger phrase[^"]*">', page.text)
    assert "The part about the bees was" in page.text


def test_reasons_of_one_kind_are_one_line() -> None:
    signals = [signal("a_b", 0, 1, weight=1.5), signal("c", 0, 1, weight=2.5), signal("a_b", 2, 3)]
    found = [(reason.name, reason.weight, reason.times) for reason in reasons(signals)]
    assert found == [("a b", 2.5, 2), ("c", 2.5, 1)]


def test_the_oldest_entries_make_room() -> None:
    wall = Wall(room=2)
    verdicts = [SpamPolicy().without_score("skipped") for _ in range(3)]
    for verdict in verdicts:
        wall.add(Entry(kind="comment", name="", text="", verdict=verdict, state="published"))
    assert [entry.id for entry in wall.newest()] == [verdicts[2].id, verdicts[1].id]
    assert wall.get(verdicts[0].id) is None


async def test_what_was_not_measured_has_no_meter(drive: Drive, wall: Wall) -> None:
    verdict = SpamPolicy().without_score("degraded", error="timeout")
    wall.add(Entry(kind="comment", name="Ada", text=HAM, verdict=verdict, state="held"))
    async with drive(application.app) as client:
        page = await client("GET", "/")
    assert "degraded (timeout)" in page.text
    assert 'class="score"' not in page.text


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(application.app) as client:
        yield client


def test_the_chat(client: TestClient, wall: Wall) -> None:
    with client.websocket_connect("/chat") as ada, client.websocket_connect("/chat") as bob:
        ada.send_text("Good morning")
        assert ada.receive_json() == bob.receive_json()
        bob.send_text(SPAM_TEST_STRING)
        refusal = bob.receive_json()
        assert refusal["kind"] == "notice"
        assert refusal["text"].startswith("This could not be accepted. Reference: ")
        assert "(2 more " in refusal["text"]
        bob.send_text(SUSPICIOUS_TEST_STRING)
        assert "moderator" in bob.receive_json()["text"]
        held = next(iter(wall.newest()))
        client.post(f"/moderation/{held.id}", data={"decision": "approve"})
        assert ada.receive_json() == bob.receive_json()
        with client.websocket_connect("/chat") as late:
            heard = [late.receive_json()["text"] for _ in range(2)]
    assert heard == ["Good morning", SUSPICIOUS_TEST_STRING]
    assert [entry.state for entry in wall.newest()] == ["published", "refused", "published"]
    assert not list(wall.published()), "what is said in the chat is no comment"


def test_the_chat_ends_after_three_strikes(client: TestClient) -> None:
    with client.websocket_connect("/chat") as bob:
        for _ in range(3):
            bob.send_text(SPAM_TEST_STRING)
        assert [bob.receive_json()["kind"] for _ in range(2)] == ["notice"] * 2
        with pytest.raises(WebSocketDisconnect) as closed:
            bob.receive_json()
    assert closed.value.code == 1008
