"""An endpoint that reads the request itself: the check sees what it could see."""

import gzip
import json
import zlib
from typing import Annotated, Any

import pytest
from fastapi import (
    Depends,
    FastAPI,
    Request,
)

from fastapi_spamshield import SpamShield, spam_check
from tests.support import SPAM, Drive, Keyword


class TestAnEndpointThatReadsTheRequestItself:
    @pytest.fixture
    def app(self, shield: SpamShield) -> FastAPI:
        app = FastAPI(lifespan=shield.lifespan)

        @app.post("/", dependencies=[Depends(spam_check("text"))])
        async def post(request: Request) -> dict[str, Any]:
            if request.headers.get("content-type", "").startswith("multipart/"):
                async with request.form() as form:
                    return {
                        name: value if isinstance(value, str) else (await value.read()).decode()
                        for name, value in form.multi_items()
                    }
            return {"body": (await request.body()).decode("latin-1")}

        return app

    @pytest.mark.parametrize(
        ("options", "judged"),
        [
            pytest.param({"json": {"text": SPAM}}, f"{SPAM}\ntext", id="JSON"),
            pytest.param(
                {"content": json.dumps({"text": SPAM}), "headers": {"content-type": "text/plain"}},
                f"{SPAM}\ntext",
                id="JSON as text",
            ),
            pytest.param(
                {"content": json.dumps({"text": SPAM}).encode("utf-16")},
                f"{SPAM}\ntext",
                id="UTF-16 JSON",
            ),
            pytest.param({"content": SPAM.encode("utf-16")}, None, id="UTF-16 text"),
            pytest.param(
                {"content": b'{"text": "SPAM", "text": "ham"}'},
                f"{SPAM}\nham\ntext",
                id="twice in JSON",
            ),
            pytest.param(
                {"data": {"text": ["ham", SPAM]}}, f"ham\n{SPAM}\ntext", id="twice in a form"
            ),
            pytest.param(
                {"files": {"text": ("a.txt", SPAM.encode())}}, None, id="a file for a text"
            ),
            pytest.param(
                {"files": {"other": ("a.txt", SPAM.encode())}}, None, id="a file by another name"
            ),
            pytest.param({"json": {"txt": [SPAM]}}, f"txt\n{SPAM}", id="another name"),
            pytest.param({"data": {"txt": SPAM}}, f"txt\n{SPAM}", id="another name in a form"),
            pytest.param({"json": SPAM}, SPAM, id="only a text"),
            pytest.param({"content": f"text {SPAM}"}, f"text {SPAM}", id="plain text"),
            pytest.param({"params": {"text": SPAM}}, SPAM, id="query"),
            pytest.param({"params": {"q": SPAM}}, SPAM, id="query by another name"),
            pytest.param(
                {"params": {"text": "ham"}, "content": SPAM}, f"ham\n{SPAM}", id="a decoy"
            ),
            pytest.param({"content": b"[" * 100_000 + SPAM.encode()}, None, id="deep JSON"),
            pytest.param(
                {
                    "content": SPAM.encode(),
                    "headers": {"content-type": "multipart/form-data; boundary=x"},
                },
                SPAM,
                id="broken multipart",
            ),
            pytest.param(
                {
                    "content": SPAM.encode("utf-16-be"),
                    "headers": {"content-type": 'text/plain; charset="utf-16-be"'},
                },
                None,
                id="charset",
            ),
            pytest.param(
                {"content": SPAM, "headers": {"content-type": "text/plain; charset=punycode"}},
                SPAM,
                id="a charset that is none",
            ),
            *[
                pytest.param(
                    {"content": packed, "headers": {"content-encoding": coding}},
                    None,
                    id=f"{coding}, {number}",
                )
                for number, (coding, packed) in enumerate(
                    [
                        ("gzip", gzip.compress(b'{"text": "SPAM"}')),
                        ("GZIP, identity", gzip.compress(SPAM.encode())),
                        ("deflate", zlib.compress(SPAM.encode())),
                        ("deflate", zlib.compress(SPAM.encode(), wbits=-zlib.MAX_WBITS)),
                        ("gzip", SPAM.encode()),
                        ("br", SPAM.encode()),
                    ]
                )
            ],
        ],
    )
    async def test_it_sees_what_the_handler_could_see(
        self, options: Any, judged: str | None, app: FastAPI, keyword: Keyword, drive: Drive
    ) -> None:
        async with drive(app) as request:
            answer = await request("POST", "/", **options)
        assert answer.status_code == 403
        if judged is not None:
            assert keyword.texts == [judged]
        else:
            assert SPAM in keyword.texts[0]

    async def test_ham_reaches_the_handler_whole(self, app: FastAPI, drive: Drive) -> None:
        async with drive(app) as request:
            answer = await request("POST", "/", json={"text": "ham"})
            assert json.loads(answer.json()["body"]) == {"text": "ham"}
            answer = await request(
                "POST", "/", data={"text": "ham"}, files={"file": ("a.txt", b"content")}
            )
            assert answer.json() == {"text": "ham", "file": "content"}

    async def test_nothing_sent_is_skipped(
        self, app: FastAPI, keyword: Keyword, drive: Drive
    ) -> None:
        async with drive(app) as request:
            assert (await request("POST", "/")).status_code == 200
        assert keyword.seen == []

    async def test_a_form_that_another_dependency_has_read(
        self, shield: SpamShield, keyword: Keyword, drive: Drive
    ) -> None:
        async def read_form(request: Request) -> None:
            await request.form()

        app = FastAPI(lifespan=shield.lifespan)

        @app.post("/", dependencies=[Depends(read_form), Depends(spam_check("text"))])
        async def post(request: Request) -> None: ...

        async with drive(app) as request:
            assert (await request("POST", "/", data={"text": SPAM})).status_code == 403
        assert keyword.texts == [f"{SPAM}\ntext"]

    async def test_a_body_that_is_gone_is_not_ham(
        self, shield: SpamShield, keyword: Keyword, drive: Drive
    ) -> None:
        async def consume(request: Request) -> None:
            async for _ in request.stream():
                pass

        app = FastAPI(lifespan=shield.lifespan)

        @app.post("/", dependencies=[Depends(consume)])
        async def post(
            request: Request, verdict: Annotated[Any, Depends(spam_check("text"))]
        ) -> list[Any]:
            return [verdict.status, verdict.action, verdict.score, verdict.error]

        async with drive(app) as request:
            answer = await request("POST", "/", json={"text": SPAM})
        assert answer.json() == ["degraded", "review", None, "bad_request"]
        assert keyword.seen == []
