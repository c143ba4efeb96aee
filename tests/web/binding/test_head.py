"""The beginning of a body is read, and the handler gets all of it."""

import gzip
import json
import tracemalloc
from typing import Annotated, Any

import pytest
from fastapi import Depends, FastAPI, Request
from fastapi.routing import APIRoute
from starlette.requests import ClientDisconnect

from fastapi_spamshield import SpamShield, SpamVerdict, spam_check
from fastapi_spamshield.web.binding import read_head
from fastapi_spamshield.web.raw import BODY_BYTES
from tests.support import SPAM, Drive, Keyword

Verdict = Annotated[SpamVerdict, Depends(spam_check("text", on_spam="inject"))]
GZIP = {"content-encoding": "gzip"}


class TestABodyThatIsStreamed:
    @staticmethod
    async def send(app: FastAPI, chunks: int, chunk: bytes = b"x" * 65_536) -> tuple[Any, int]:
        """What is answered to so many chunks, and how much memory it took."""
        sent, answer = 0, bytearray()

        async def receive() -> dict[str, Any]:
            nonlocal sent
            sent += 1
            return {"type": "http.request", "body": chunk, "more_body": sent < chunks}

        async def send(message: Any) -> None:
            answer.extend(message.get("body", b""))

        async with app.router.lifespan_context(app) as state:
            scope: dict[str, Any] = {
                "type": "http",
                "method": "PUT",
                "path": "/",
                "raw_path": b"/",
                "query_string": b"",
                "headers": [],
                "root_path": "",
                "scheme": "http",
                "http_version": "1.1",
                "server": ("t", 80),
                "client": ("192.0.2.1", 1),
                "state": dict(state or {}),
            }
            tracemalloc.start()
            try:
                await app(scope, receive, send)
                return json.loads(answer), tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()

    @pytest.fixture
    def app(self, shield: SpamShield) -> FastAPI:
        app = FastAPI(lifespan=shield.lifespan)

        @app.put("/")
        async def put(request: Request, verdict: Verdict) -> list[Any]:
            length = 0
            async for chunk in request.stream():
                length += len(chunk)
            return [length, verdict.status, verdict.error, verdict.is_spam]

        return app

    async def test_reaches_the_handler_whole_and_is_not_kept(self, app: FastAPI) -> None:
        answer, memory = await self.send(app, 400)
        assert answer == [400 * 65_536, "degraded", "payload_too_large", False]
        assert memory < 8 * BODY_BYTES

    async def test_is_judged_by_its_head(self, app: FastAPI) -> None:
        answer, _ = await self.send(app, 400, (SPAM + " " * 60_000).encode())
        assert answer == [400 * 60_004, "checked", None, True]

    async def test_in_tiny_chunks(self, app: FastAPI, keyword: Keyword) -> None:
        answer, _ = await self.send(app, 300, b"x")
        assert answer == [300, "checked", None, False]
        assert keyword.texts == ["x" * 300]

    async def test_ends_with_its_sender(self) -> None:
        messages = [{"type": "http.request", "body": b"x", "more_body": True}]

        async def receive() -> Any:
            return messages.pop() if messages else {"type": "http.disconnect"}

        with pytest.raises(ClientDisconnect):
            await read_head(Request({"type": "http"}, receive), 10)

    async def test_may_be_read_again_by_another_request(self, app: FastAPI, drive: Drive) -> None:
        @app.put("/again")
        async def again(request: Request, verdict: Verdict) -> str:
            return (await Request(request.scope, request.receive).body()).decode()

        async with drive(app) as request:
            assert (await request("PUT", "/again", json="ham")).json() == '"ham"'

    @pytest.mark.parametrize("lost", ["_receive", "_stream_consumed"])
    async def test_is_read_whole_where_starlette_is_another(
        self, lost: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Other(Request):
            _content = b"x" * 20

            def __getattribute__(self, name: str) -> Any:
                if name == lost:
                    raise AttributeError(name)
                return super().__getattribute__(name)

        async def body(self: Request) -> bytes:
            return b"x" * 20

        monkeypatch.setattr(Request, "body", body)
        assert await read_head(Other({"type": "http"}), 10) == (b"x" * 10, False)
        assert await read_head(Other({"type": "http"}), 20) == (b"x" * 20, True)


async def test_a_request_class_of_the_user_s_own_knows_its_body(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    class Inflating(Request):
        async def body(self) -> bytes:
            return gzip.decompress(await super().body())

    class Route(APIRoute):
        def get_route_handler(self) -> Any:
            handler = super().get_route_handler()

            async def inflating(request: Request) -> Any:
                return await handler(Inflating(request.scope, request.receive))

            return inflating

    app = FastAPI(lifespan=shield.lifespan)
    app.router.route_class = Route

    @app.post("/")
    async def post(request: Request, verdict: Verdict) -> str:
        return (await request.body()).decode()

    async with drive(app) as request:
        content = gzip.compress(b'{"text": "ham"}')
        answer = await request("POST", "/", content=content, headers=GZIP)
    assert answer.json() == '{"text": "ham"}'
    assert keyword.texts == ["ham\ntext"]
