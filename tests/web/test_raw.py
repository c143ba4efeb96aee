"""Endpoints that read the request themselves: nothing that they could find escapes the check."""

import gzip
import json
import threading
import tracemalloc
from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import parse_qs

import pytest
from fastapi import Body, Depends, FastAPI, Form, Header, Query, Request, UploadFile
from fastapi.routing import APIRoute
from starlette.requests import ClientDisconnect, HTTPConnection

from fastapi_spamshield import ConfigurationError, SpamShield, SpamVerdict, spam_check
from fastapi_spamshield.web import intake, raw
from fastapi_spamshield.web.binding import read_head
from fastapi_spamshield.web.raw import AT_ONCE, BODY_BYTES, FIELDS, read_raw
from fastapi_spamshield.web.text import words_in
from tests.support import SPAM, Drive, Keyword

Verdict = Annotated[SpamVerdict, Depends(spam_check("text", on_spam="inject"))]
FORM = {"content-type": "application/x-www-form-urlencoded"}
ESCAPED = "%53PAM"


def multipart(*parts: str, before: str = "", after: str = "") -> dict[str, Any]:
    body = "".join(f"--x\r\nContent-Disposition: form-data; {part}\r\n" for part in parts)
    return {
        "content": f"{before}{body}--x--\r\n{after}",
        "headers": {"content-type": "multipart/form-data; boundary=x"},
    }


async def as_text(request: Request) -> str:
    return (await request.body()).decode("latin-1")


async def as_json(request: Request) -> str:
    return json.dumps(await request.json())


async def as_form(request: Request) -> str:
    async with request.form(max_part_size=10_000_000, max_fields=100_000) as form:
        return str(form.multi_items())


async def as_query_string(request: Request) -> str:
    return str(parse_qs((await request.body()).decode("latin-1"), max_num_fields=100_000))


async def inflated(request: Request) -> str:
    return gzip.decompress(await request.body()).decode()


async def in_query(request: Request) -> str:
    return str(request.query_params)


GZIP = {"content-encoding": "gzip"}


@pytest.mark.parametrize(
    ("read", "sent"),
    [
        pytest.param(read, sent, id=name)
        for name, read, sent in [
            ("a planted field", as_text, {"content": f"{SPAM}\n&text=hi"}),
            ("a planted name", as_text, {"content": json.dumps({"text": "hi", "x": SPAM})}),
            ("a key", as_text, {"content": json.dumps({"text": "hi", SPAM: 1})}),
            ("another field", as_json, {"json": {"text": "hi", "x": {"y": [SPAM]}}}),
            ("a text in a form", as_json, {"content": r'{"x": "\u0053PAM"}', "headers": FORM}),
            ("a form in a text", as_query_string, {"json": f"&text={ESCAPED}"}),
            ("a form in plain text", as_query_string, {"content": f"a=b&text={ESCAPED}+x"}),
            ("another form field", as_form, {"data": {"text": "hi", "x": SPAM}}),
            ("a form's name", as_form, {"data": {"text": "hi", SPAM: "x"}}),
            ("semicolons", as_form, {"content": f"text=hi&b=1;text={SPAM}", "headers": FORM}),
            (
                "many fields",
                as_form,
                {"content": "a=b&" * (FIELDS + 1) + f"text={SPAM}", "headers": FORM},
            ),
            (
                "a long part",
                as_form,
                multipart(
                    f'name="text"\r\n\r\n{SPAM}', f'name="p"\r\n\r\n&text=hi&{"x" * 1_100_000}'
                ),
            ),
            (
                "a file",
                as_form,
                multipart('name="text"\r\n\r\nhi', f'name="x"; filename="{SPAM}"\r\n\r\nx'),
            ),
            ("another header", as_text, multipart(f'name="text"\r\nX: {SPAM}\r\n\r\nhi')),
            ("after a form", as_text, multipart('name="text"\r\n\r\nhi', after=SPAM)),
            ("before a form", as_text, multipart('name="text"\r\n\r\nhi', before=SPAM)),
            (
                "short parts",
                as_text,
                multipart('name="a"\r\n\r\na', f'name="b"\r\nX: {SPAM}\r\n\r\n'),
            ),
            (
                "a form in another encoding",
                as_text,
                {
                    "content": b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n'
                    b'\xe9\r\n--x\r\nContent-Disposition: form-data; name="b"\r\n'
                    b"X: SPAM\r\n\r\nb\r\n--x--\r\n",
                    "headers": {"content-type": "multipart/form-data; boundary=x; charset=latin-1"},
                },
            ),
            ("a query", in_query, {"params": {"other": SPAM}, "json": {"text": "hi"}}),
            (
                "a second member",
                inflated,
                {"content": gzip.compress(b"hi ") + gzip.compress(SPAM.encode()), "headers": GZIP},
            ),
            (
                "after a megabyte of nothing",
                inflated,
                {"content": gzip.compress(b" " * 1_000_001 + SPAM.encode()), "headers": GZIP},
            ),
            (
                "in the name of a compressed file",
                as_text,
                {"content": b"\x1f\x8b\x08\x08\0\0\0\0\0\x03SPAM\0" + gzip.compress(b"x")[10:]}
                | {"headers": GZIP},
            ),
        ]
    ],
)
async def test_what_the_handler_finds_was_judged(
    read: Callable[[Request], Any],
    sent: dict[str, Any],
    shield: SpamShield,
    keyword: Keyword,
    drive: Drive,
) -> None:
    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/")
    async def post(request: Request, verdict: Verdict) -> list[Any]:
        return [SPAM in await read(request), verdict.is_spam]

    async with drive(app) as request:
        assert (await request("POST", "/", **sent)).json() == [True, True]


@pytest.mark.parametrize(
    ("sent", "judged"),
    [
        ({"json": {"name": "Ann", "text": "hi"}}, "hi\nname\nAnn\ntext"),
        ({"json": {"text": "hi", "again": "hi"}}, "hi\ntext\nagain"),
        ({"data": {"name": "Ann", "text": "hi, all"}}, "hi, all\nname\nAnn\ntext"),
        (
            {"data": {"text": "hi"}, "files": {"photo": ("a.txt", b"content")}},
            "hi\ntext\nphoto\ncontent\na.txt",
        ),
        ({"json": ["hi"], "params": {"page": 2}}, "hi\n2"),
        ({"content": "hi, 1+1=2"}, "hi, 1+1=2"),
    ],
)
async def test_the_field_comes_first_and_nothing_comes_twice(
    sent: dict[str, Any], judged: str, shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/")
    async def post(request: Request, verdict: Verdict) -> None: ...

    async with drive(app) as request:
        await request("POST", "/", **sent)
    (text,) = keyword.texts
    # A part's own boundary and the type of a file stand at the end.
    assert text.startswith(judged)
    assert "form-data" not in text


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        pytest.param({"content": b"x" * (BODY_BYTES + 1)}, "payload_too_large", id="long"),
        pytest.param(
            {"content": gzip.compress(b"x" * (BODY_BYTES + 1)), "headers": GZIP},
            "payload_too_large",
            id="a bomb",
        ),
        pytest.param(
            {"content": "a=b&" * (FIELDS + 1), "headers": FORM}, "payload_too_large", id="fields"
        ),
        pytest.param({"json": [1] * 100_001}, "payload_too_large", id="parts"),
        pytest.param({"json": [{"a": 1}] * 100_001}, "payload_too_large", id="objects"),
        pytest.param(
            {"content": b"\x0b\x02\x80abc\x03", "headers": {"content-encoding": "br"}},
            "bad_request",
            id="another coding",
        ),
        pytest.param(
            {"content": "x", "headers": {"content-type": "text/plain; charset=punycode"}},
            "bad_request",
            id="another charset",
        ),
        pytest.param(
            {"content": "x", "headers": {"content-type": "multipart/form-data; boundary=x"}},
            "bad_request",
            id="no form",
        ),
        pytest.param(
            {"content": "x"}
            | {"headers": {"content-type": "multipart/form-data; boundary=x; charset=zip"}},
            "bad_request",
            id="a form in another charset",
        ),
    ],
)
async def test_what_was_not_read_to_its_end_is_not_ham(
    sent: dict[str, Any], error: str, shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/")
    async def post(request: Request, verdict: Verdict) -> list[Any]:
        return [verdict.status, verdict.action, verdict.score, verdict.error, verdict.reason]

    async with drive(app) as request:
        status, action, score, told, reason = (await request("POST", "/", **sent)).json()
        assert (status, action, score, told) == ("degraded", "review", None, error)
        assert reason.endswith(".")
        spam = {**sent, "params": {"q": SPAM}}
        assert (await request("POST", "/", **spam)).json()[0] == "checked"


async def test_what_fits_is_read_whole(shield: SpamShield, drive: Drive) -> None:
    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/")
    async def post(request: Request, verdict: Verdict) -> list[Any]:
        return [verdict.label, len(await request.body())]

    packed = gzip.compress(b"x" * BODY_BYTES)
    async with drive(app) as request:
        answer = await request("POST", "/", content=b"x" * BODY_BYTES)
        assert answer.json() == ["ham", BODY_BYTES]
        answer = await request("POST", "/", content=packed, headers=GZIP)
        assert answer.json() == ["ham", len(packed)]


class TestPlacesOfBothKinds:
    @pytest.fixture
    def app(self, shield: SpamShield) -> FastAPI:
        app = FastAPI(lifespan=shield.lifespan)

        @app.post("/slugs/{slug}", dependencies=[Depends(spam_check(("slug", "text")))])
        async def in_path(slug: str, request: Request) -> None: ...

        @app.post("/query", dependencies=[Depends(spam_check(("q", "text")))])
        async def in_query(request: Request, q: Annotated[str, Query(alias="t")] = "") -> None: ...

        @app.post("/header", dependencies=[Depends(spam_check(("nick", "text")))])
        async def in_header(request: Request, nick: Annotated[str, Header()]) -> None: ...

        path = "/undeclared/{slug}"

        @app.post(path, dependencies=[Depends(spam_check(("slug", "text")))])
        async def undeclared(request: Request) -> None: ...

        return app

    @pytest.mark.parametrize(
        ("path", "options"),
        [
            (f"/slugs/{SPAM}", {}),
            (f"/query?t={SPAM}", {}),
            ("/header", {"headers": {"nick": SPAM}}),
            (f"/undeclared/{SPAM}", {}),
        ],
    )
    async def test_the_known_ones_come_from_the_values(
        self, path: str, options: Any, app: FastAPI, drive: Drive
    ) -> None:
        async with drive(app) as request:
            answer = await request("POST", path, json={"text": "hi"}, **options)
        assert answer.status_code == 403

    async def test_the_others_from_the_request(self, app: FastAPI, drive: Drive) -> None:
        async with drive(app) as request:
            answer = await request("POST", "/slugs/ham", json={"text": SPAM})
            assert answer.status_code == 403
            assert (await request("POST", "/slugs/ham", json={"text": "hi"})).status_code == 200


async def test_what_belongs_to_the_text_is_found_by_its_name(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    app = FastAPI(lifespan=shield.lifespan)
    check = spam_check("text", author="who.name", honeypot="website", email="email")

    @app.post("/", dependencies=[Depends(check)])
    async def post(request: Request) -> None: ...

    async with drive(app) as request:
        await request("POST", "/", json={"who": {"name": "Ann"}, "text": "hi", "website": "x"})
        await request("POST", "/", data={"text": "hi", "email": "a@example.org"})
    first, second = keyword.seen
    assert (first.author, first.honeypot, first.email) == ("Ann", "x", None)
    assert (second.author, second.honeypot, second.email) == (None, None, "a@example.org")


class TestADependencyThatIsHandedTheRequest:
    """An application-wide check, and a dependency that looks at a header as many do."""

    @pytest.fixture
    def app(self, shield: SpamShield) -> FastAPI:
        return FastAPI(lifespan=shield.lifespan, dependencies=[Depends(spam_check("text"))])

    @staticmethod
    async def user(request: Request) -> str | None:
        return request.headers.get("x-user")

    async def test_does_not_show_the_query_to_the_detector(
        self, app: FastAPI, keyword: Keyword, drive: Drive
    ) -> None:
        @app.get("/items")
        async def items(user: Annotated[Any, Depends(self.user)], page: int = 1) -> None: ...

        @app.post("/callback")
        async def callback(user: Annotated[Any, Depends(self.user)]) -> None: ...

        async with drive(app) as request:
            await request("GET", "/items", params={"page": 2, "code": "secret"})
            await request("POST", "/callback", params={"code": "secret"})
        assert keyword.seen == []

    async def test_does_not_show_a_declared_body_to_the_detector(
        self, app: FastAPI, keyword: Keyword, drive: Drive
    ) -> None:
        @app.post("/comments")
        async def post(
            user: Annotated[Any, Depends(self.user)],
            text: Annotated[str, Form()],
            password: Annotated[str, Form()],
        ) -> None: ...

        async with drive(app) as request:
            await request("POST", "/comments", data={"text": "hi", "password": "hunter2"})
        assert keyword.texts == ["hi"]

    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_does_not_excuse_a_slip(self, method: str, app: FastAPI) -> None:
        @app.api_route("/", methods=[method])
        async def handler(
            user: Annotated[Any, Depends(self.user)],
            code: Annotated[str, Query() if method == "GET" else Body(embed=True)],
        ) -> None: ...

        check = spam_check("text")
        from fastapi_spamshield.web.binding import iter_endpoints

        (endpoint,) = iter_endpoints(app.router.routes[-1:])
        with pytest.raises(ConfigurationError, match="no such value"):
            check.verify(endpoint)

    async def test_may_read_the_body_for_the_endpoint(
        self, app: FastAPI, keyword: Keyword, drive: Drive
    ) -> None:
        async def comment(request: Request) -> str:
            return str((await request.json())["comment"])

        @app.post("/")
        async def post(text: Annotated[str, Depends(comment)]) -> str:
            return text

        async with drive(app) as request:
            answer = await request("POST", "/", json={"comment": SPAM, "text": "hi"})
            assert answer.status_code == 403
            assert (await request("POST", "/", json={"comment": "ham"})).json() == "ham"

    async def test_of_the_check_itself_reads_nothing_for_the_endpoint(
        self, shield: SpamShield, keyword: Keyword, drive: Drive
    ) -> None:
        app = FastAPI(lifespan=shield.lifespan)

        @app.post("/", dependencies=[Depends(spam_check("text", bypass=self.user))])
        async def post(page: int) -> None: ...

        with pytest.raises(ConfigurationError, match="It has: 'page'"):
            async with drive(app):
                pass


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


async def test_a_form_whose_files_are_closed_is_not_ham(shield: SpamShield, drive: Drive) -> None:
    async def read_and_close(request: Request) -> None:
        async with request.form() as form:
            assert isinstance(form["file"], object)

    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/", dependencies=[Depends(read_and_close)])
    async def post(request: Request, verdict: Verdict) -> list[Any]:
        return [verdict.status, verdict.error]

    async with drive(app) as request:
        answer = await request("POST", "/", files={"file": ("a.txt", SPAM.encode())})
    assert answer.json() == ["degraded", "bad_request"]


async def test_a_websocket_has_a_query_and_no_body() -> None:
    scope: dict[str, Any] = {
        "type": "websocket",
        "headers": [],
        "query_string": b"text=a&text=b&other=c",
    }
    raw = await read_raw(HTTPConnection(scope))
    assert raw.find(("text",)) == ["a", "b"]
    assert raw.everything(with_query=True) == ["a", "b", "c"]
    assert raw.everything(with_query=False) == []


async def test_a_long_file_is_read_at_its_head_middle_and_tail(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/")
    async def post(
        file: UploadFile, verdict: Annotated[SpamVerdict, Depends(spam_check("file"))]
    ) -> list[Any]:
        return [signal.model_dump(exclude_defaults=True) for signal in verdict.signals]

    half = b"word " * 210_000
    async with drive(app) as request:
        for content in (SPAM.encode() + half, half + SPAM.encode() + half, half + SPAM.encode()):
            answer = await request("POST", "/", files={"file": ("a.txt", content)})
            assert answer.status_code == 403
        (signal,) = (await request("POST", "/", files={"file": ("a", half + half)})).json()
        assert (await request("POST", "/", files={"file": ("a", half[:1_000_000])})).json() == []
    assert signal["name"] == "sampled"
    assert signal["detail"] == "The text is 1000000 of the 2100000 bytes that were sent."
    assert [submission.extra for submission in keyword.seen[-2:]] == [
        {"sampled": {"read": 1_000_000, "sent": 2_100_000}},
        {},
    ]


async def test_several_long_files_are_told_together() -> None:
    data = b"x" * 1_500_000
    words = await words_in([data, [data], "x"])
    assert words.sampled == (2_000_000, 3_000_000)
    assert words.unread is None
    assert len(words.text or "") == 2 * 1_000_002 + 3


@pytest.mark.parametrize("filler", [10, AT_ONCE])
async def test_only_short_bodies_are_read_in_the_event_loop(
    filler: int, shield: SpamShield, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[int] = []

    def noting(work: Callable[..., Any]) -> Callable[..., Any]:
        async def note(*values: Any, **options: Any) -> Any:
            threads.append(threading.get_ident())
            return await work(*values, **options)

        return note

    monkeypatch.setattr(raw, "_understood", noting(raw._understood))
    monkeypatch.setattr(intake, "words_in", noting(words_in))
    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/")
    async def post(request: Request, verdict: Verdict) -> tuple[bool, int]:
        await request.body()
        return verdict.is_spam, threading.get_ident()

    async with drive(app) as request:
        answer = await request("POST", "/", json={"x": "-" * filler, "text": SPAM})
    is_spam, loop = answer.json()
    assert is_spam
    assert len(threads) == 2
    assert (loop in threads) == (filler < AT_ONCE)
