import asyncio
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import httpx
import pytest
from fastapi import Depends, FastAPI, WebSocket
from fastapi.testclient import TestClient
from pydantic import BaseModel

from fastapi_spamshield import (
    ConfigurationError,
    Detection,
    DetectorError,
    FormToken,
    LaterVerdict,
    NotRemembered,
    SpamGuard,
    SpamPolicy,
    SpamVerdict,
    Submission,
    form_token,
    get_shield,
    spam_check,
    spam_check_later,
    spam_guard,
)
from fastapi_spamshield.testing import FakeShield, NetworkForbidden, Script, forbid_network
from tests.support import Keyword


class CommentIn(BaseModel):
    text: str


async def said(script: Script, *texts: str) -> list[str | float | None]:
    fake = FakeShield(script)
    for text in texts:
        await fake.check(text)
    return [
        verdict.score if verdict.label == "unknown" else verdict.label for verdict in fake.verdicts
    ]


@pytest.mark.parametrize("label", ["ham", "suspicious", "spam"])
async def test_a_label(label: Any) -> None:
    assert await said(label, "a", "b") == [label, label]


async def test_a_score_a_detection_a_failure() -> None:
    assert await said(0.9, "a") == ["spam"]
    assert await said(1, "a") == ["spam"]
    assert await said(Detection(score=0.5, reason="because"), "a") == ["suspicious"]
    fake = FakeShield(DetectorError("quota"))
    verdict = await fake.check("a")
    assert (verdict.status, verdict.error, verdict.action) == ("degraded", "quota", "review")


async def test_a_whole_verdict_is_taken_as_it_is() -> None:
    verdict = SpamPolicy().without_score("bypassed")
    assert await FakeShield(verdict).check("a", policy=SpamPolicy(threshold=0.1)) is verdict


async def test_in_order() -> None:
    assert await said(["ham", 0.9, DetectorError("timeout")], "a", "b", "c") == [
        "ham",
        "spam",
        None,
    ]
    with pytest.raises(ConfigurationError, match="has 1 outcomes, and this is one more check"):
        await said(["ham"], "a", "b")


async def test_by_words() -> None:
    script: Script = {"Buy": "spam", "maybe": 0.5}
    assert await said(script, "please BUY this", "maybe", "hello") == ["spam", "suspicious", "ham"]


async def test_by_a_function() -> None:
    def judge(submission: Submission) -> Any:
        return "spam" if submission.author == "Mallory" else "ham"

    fake = FakeShield(judge)
    assert (await fake.check("x", author="Mallory")).label == "spam"
    assert (await fake.check("x", author="Ann")).label == "ham"
    fake.script("spam")
    assert (await fake.check("x", author="Ann")).label == "spam"
    assert [submission.author for submission in fake.submissions] == ["Mallory", "Ann", "Ann"]


@pytest.mark.parametrize("wrong", ["junk", 1.5, -1, None, ["ham", "junk"], {"a": "junk"}])
def test_what_is_no_outcome(wrong: Any) -> None:
    with pytest.raises(ConfigurationError, match="is no outcome; write"):
        FakeShield(wrong)


async def test_nor_from_a_function() -> None:
    fake = FakeShield(lambda _: "junk")  # type: ignore[arg-type, return-value]  # pyright: ignore[reportArgumentType]
    with pytest.raises(ConfigurationError, match="is no outcome"):
        await fake.check("x")


async def test_the_environment_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPAMSHIELD_THRESHOLD", "2")
    assert (await FakeShield(0.8).check("x")).label == "spam"


def app_with(fake: FakeShield, told: list[SpamVerdict]) -> FastAPI:
    app = FastAPI()
    app.dependency_overrides[get_shield] = lambda: fake
    own = Keyword()

    @app.post("/now")
    async def now(
        comment: CommentIn,
        verdict: Annotated[SpamVerdict, Depends(spam_check("text", threshold=0.95, detector=own))],
    ) -> str:
        return verdict.label

    @app.post("/later")
    async def later(
        comment: CommentIn,
        promise: Annotated[
            LaterVerdict,
            Depends(spam_check_later("text", on_verdict=lambda verdict, _: told.append(verdict))),
        ],
    ) -> str:
        return promise.id

    @app.websocket("/chat")
    async def chat(
        websocket: WebSocket, guard: Annotated[SpamGuard, Depends(spam_guard())]
    ) -> None:
        await websocket.accept()
        async for message in guard.iter_text():
            await websocket.send_text(message.verdict.label)

    return app


def test_in_an_application() -> None:
    fake = FakeShield([0.9, "spam", "spam", "ham"])
    told: list[SpamVerdict] = []
    client = TestClient(app_with(fake, told))
    assert client.post("/now", json={"text": "a"}).json() == "suspicious"
    assert client.post("/now", json={"text": "b"}).status_code == 403
    answer = client.post("/later", json={"text": "c"})
    assert [(verdict.id, verdict.label) for verdict in told] == [(answer.json(), "spam")]
    with client.websocket_connect("/chat") as chat:
        chat.send_text("d")
        assert chat.receive_text() == "ham"
    assert [submission.text for submission in fake.submissions] == ["a", "b", "c", "d"]
    assert [verdict.detector for verdict in fake.verdicts] == ["fake"] * 4


async def test_a_callback_may_be_a_coroutine_function() -> None:
    told: list[str] = []

    async def on_verdict(verdict: SpamVerdict, submission: Submission) -> None:
        await asyncio.sleep(0)
        told.append(verdict.label)

    await FakeShield("spam").check_later("x", on_verdict)
    assert told == ["spam"]


def test_as_the_shield_of_an_application() -> None:
    fake = FakeShield("spam")
    app = FastAPI(lifespan=fake.lifespan)

    @app.post("/", dependencies=[Depends(spam_check("text"))])
    async def post(comment: CommentIn) -> None: ...

    with TestClient(app) as client:
        assert client.post("/", json={"text": "x"}).status_code == 403


class TestForbidNetwork:
    async def test_clients_that_reach_out(self) -> None:
        with forbid_network():
            for url in ("http://192.0.2.1/", "https://spam.example/"):
                async with httpx.AsyncClient(trust_env=False) as client:
                    with pytest.RaisesGroup(NetworkForbidden, allow_unwrapped=True):
                        await client.get(url)
                with httpx.Client(trust_env=False) as blocking, pytest.raises(NetworkForbidden):
                    await asyncio.to_thread(blocking.get, url)
            with pytest.raises(NetworkForbidden):
                await asyncio.open_connection("192.0.2.1", 80)

    @pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
    def test_bare_sockets(self, family: socket.AddressFamily) -> None:
        address = ("192.0.2.1", 80) if family == socket.AF_INET else ("2001:db8::1", 80)
        with (
            forbid_network(),
            socket.socket(family, socket.SOCK_DGRAM) as datagrams,
            socket.socket(family) as stream,
        ):
            with pytest.raises(NetworkForbidden):
                stream.connect(address)
            with pytest.raises(NetworkForbidden):
                stream.connect_ex(address)
            with pytest.raises(NetworkForbidden):
                datagrams.sendto(b"x", address)
            with pytest.raises(NetworkForbidden):
                datagrams.sendto(b"x", 0, address)
            with pytest.raises(NetworkForbidden):
                datagrams.sendmsg([b"x"], [], 0, address)

    @pytest.mark.parametrize(
        "look_up",
        [
            lambda: socket.getaddrinfo(b"spam.example", 80),
            lambda: socket.getaddrinfo(host="spam.example", port=80),
            lambda: socket.gethostbyname("spam.example"),
            lambda: socket.gethostbyname_ex("spam.example"),
            lambda: socket.gethostbyaddr("spam.example"),
            lambda: socket.getnameinfo(("spam.example", 80), 0),
        ],
        ids=["info", "info by keyword", "name", "name_ex", "address", "name of an address"],
    )
    def test_names(self, look_up: Callable[[], object]) -> None:
        with forbid_network(), pytest.raises(NetworkForbidden, match=r"spam\.example"):
            look_up()

    def test_names_of_this_machine(self) -> None:
        with forbid_network():
            assert socket.gethostbyname("localhost") == "127.0.0.1"
            assert socket.getnameinfo(("127.0.0.1", 80), socket.NI_NUMERICHOST)[0] == "127.0.0.1"

    def test_datagrams_to_this_machine(self) -> None:
        with (
            forbid_network(),
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one,
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other,
        ):
            one.bind(("127.0.0.1", 0))
            other.sendmsg([b"x"], [], 0, one.getsockname())
            assert one.recv(1) == b"x"
            other.connect(one.getsockname())
            other.sendmsg([b"y"])
            assert one.recv(1) == b"y"

    async def test_this_machine_can_be_reached(self) -> None:
        async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(await reader.readline())
            writer.close()

        with forbid_network():
            server = await asyncio.start_server(echo, "127.0.0.1", 0)
            async with server:
                port = server.sockets[0].getsockname()[1]
                for host in ("127.0.0.1", "localhost"):
                    reader, writer = await asyncio.open_connection(host, port)
                    writer.write(b"hello\n")
                    assert await reader.readline() == b"hello\n"
                    writer.close()
                    await writer.wait_closed()
            with socket.socket(socket.AF_UNIX) as stream, pytest.raises(FileNotFoundError):
                stream.connect("/no/such/socket")
            one, other = socket.socketpair()
            with one, other:
                one.sendall(b"x")
                assert other.recv(1) == b"x"

    def test_a_unix_socket_is_no_network(self, tmp_path: Path) -> None:
        path = str(tmp_path / "socket")
        with (
            forbid_network(),
            socket.socket(socket.AF_UNIX) as server,
            socket.socket(socket.AF_UNIX) as client,
        ):
            server.bind(path)
            server.listen()
            client.connect(path)

    def test_all_is_as_before_afterwards(self) -> None:
        before = (socket.socket.connect, socket.socket.sendmsg, socket.getaddrinfo)
        with forbid_network(), forbid_network():
            assert socket.getaddrinfo is not before[2]
        assert (socket.socket.connect, socket.socket.sendmsg, socket.getaddrinfo) == before

    async def test_a_detector_cannot_take_it_for_an_outage(self) -> None:
        class Remote(Keyword):
            async def detect(self, submission: Submission) -> Detection:
                await asyncio.open_connection("192.0.2.1", 80)
                raise AssertionError

        from fastapi_spamshield import SpamShield

        with forbid_network(), pytest.raises(NetworkForbidden):
            await SpamShield(Remote()).check("x")


async def test_every_form_token_is_valid_to_a_fake_shield() -> None:
    fake = FakeShield()
    app = FastAPI()
    app.dependency_overrides[get_shield] = lambda: fake
    required = FormToken("token", required=True)

    @app.get("/")
    def show(token: Annotated[str, Depends(form_token("comment"))]) -> str:
        return token

    @app.post("/", dependencies=[Depends(spam_check("text", form_token=required))])
    def send(comment: CommentIn, token: str = "") -> None: ...

    client = TestClient(app)
    token = client.get("/").json()
    assert token == "token-for-comment"
    for sent in (token, token, ""):
        assert client.post("/", json={"text": "x"}, params={"token": sent}).status_code == 200
    assert [submission.form_token for submission in fake.submissions] == ["valid"] * 3
    assert fake.submissions[0].elapsed is None


async def test_feedback_is_noted() -> None:
    fake = FakeShield({"casino": "spam"})
    verdict = await fake.check("A casino")
    told = await fake.feedback(verdict.id, "ham")
    assert (told.verdict_id, told.label, told.learned) == (verdict.id, "ham", ())
    assert await fake.feedback(verdict.id, "ham") == told
    other = await fake.feedback(verdict.id, "spam", reporter="eve")
    assert fake.feedbacks == [told, other]
    changed = await fake.feedback(verdict.id, "spam")
    assert fake.feedbacks == [other, changed]
    assert (await fake.forget(changed.id)).forgotten
    assert fake.feedbacks == [other]
    for asking in (fake.forget(changed.id), fake.feedback("unknown", "spam")):
        with pytest.raises(NotRemembered, match="FakeShield: it "):
            await asking
