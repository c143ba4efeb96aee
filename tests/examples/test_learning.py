from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from examples import learning as example
from tests.detectors.local.lessons import CAMPAIGN, HAM, SPAM
from tests.support import Client, Drive

TOKEN = "a-long-random-word"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FastAPI:
    monkeypatch.setenv("MODERATOR_TOKEN", TOKEN)
    monkeypatch.setenv("SPAMSHIELD_LEARNING_PATH", str(tmp_path / "learned"))
    return example.create_app()


async def send(client: Client, text: str) -> str:
    answer = await client("POST", "/comments", json={"author": "Ada", "text": text})
    assert answer.status_code == 201
    state: str = answer.json()["state"]
    return state


async def moderate(client: Client, method: str, path: str = "", **options: Any) -> Any:
    answer = await client(method, f"/moderation{path}", headers=HEADERS, **options)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def decide(client: Client, text: str, label: str) -> Any:
    entries = await moderate(client, "GET")
    [found] = [entry["id"] for entry in entries if entry["comment"]["text"] == text]
    return await moderate(client, "POST", f"/{found}", json={"label": label})


async def test_a_campaign_is_learned_across_restarts_and_forgotten(
    app: FastAPI, drive: Drive
) -> None:
    new = CAMPAIGN.format("Fourteen")
    async with drive(app) as client:
        assert await send(client, new) == "published"
        told: list[dict[str, Any]] = []
        for texts, label in ((SPAM[:5], "spam"), (HAM[:5], "ham")):
            for text in texts:
                await send(client, text)
                told.append(await decide(client, text, label))
        assert all(one["learned"] == ["local"] and one["saved"] for one in told)
        assert await send(client, f"{new} Yes.") == "waiting"
        published = (await client("GET", "/comments")).json()
        assert {one["text"] for one in published} == {new, *HAM[:5]}
    async with drive(app) as client:
        lessons = await moderate(client, "GET", "/lessons")
        assert (lessons["spam"], lessons["ham"], lessons["general"]) == (5, 5, True)
        assert await send(client, f"{new} No.") == "waiting"
        for one in told:
            gone = await moderate(client, "DELETE", f"/feedback/{one['id']}")
            assert gone["forgotten"]
        assert await send(client, f"{new} Perhaps.") == "published"


async def test_a_moderator_changes_her_mind(app: FastAPI, drive: Drive) -> None:
    async with drive(app) as client:
        await send(client, HAM[0])
        first = await decide(client, HAM[0], "spam")
        assert (await client("GET", "/comments")).json() == []
        second = await decide(client, HAM[0], "ham")
        assert first["id"] != second["id"]
        [entry] = await moderate(client, "GET")
        assert (entry["published"], entry["feedback_id"]) == (True, second["id"])
        await moderate(client, "DELETE", f"/feedback/{second['id']}")
        [entry] = await moderate(client, "GET")
        assert entry["feedback_id"] is None


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("GET", "/lessons"),
        ("POST", "/0"),
        ("DELETE", "/feedback/0"),
    ],
)
async def test_nobody_else_teaches(app: FastAPI, drive: Drive, method: str, path: str) -> None:
    body = {"json": {"label": "ham"}} if method == "POST" else {}
    async with drive(app) as client:
        for headers in ({}, {"Authorization": "Bearer wrong-wrong-wrong"}):
            answer = await client(method, f"/moderation{path}", headers=headers, **body)
            assert answer.status_code in (401, 403)
        answer = await client(method, f"/moderation{path}", headers=HEADERS, **body)
        assert answer.status_code in (200, 404)


async def test_a_comment_outlives_its_verdict(
    app: FastAPI, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPAMSHIELD_REMEMBER", "0")
    async with drive(example.create_app()) as client:
        await send(client, HAM[0])
        assert await decide(client, HAM[0], "spam") is None
        assert (await client("GET", "/comments")).json() == []


async def test_a_lesson_outlives_its_comment(app: FastAPI, drive: Drive) -> None:
    async with drive(app) as client:
        await send(client, HAM[0])
        told = await decide(client, HAM[0], "spam")
        app.state.entries.clear()
        await moderate(client, "DELETE", f"/feedback/{told['id']}")


def test_a_short_token_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODERATOR_TOKEN", "short")
    with pytest.raises(RuntimeError, match="MODERATOR_TOKEN: set at least 12 characters"):
        example.create_app()
