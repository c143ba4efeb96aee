"""The check takes a body apart, and the endpoint gets it as if it had not."""

from typing import Annotated, Any

from fastapi import Body, Depends, FastAPI, File, Request, UploadFile
from fastapi.routing import APIRoute
from pydantic import BaseModel, model_validator

from fastapi_spamshield import SpamShield, SpamVerdict, spam_check
from tests.support import SPAM, Drive, Keyword


class CommentIn(BaseModel):
    text: str


class Legacy(BaseModel):
    """Changes what it is given, as validators for old clients do."""

    text: str = ""

    @model_validator(mode="before")
    @classmethod
    def rename(cls, data: dict[str, Any]) -> dict[str, Any]:
        data["text"] = data.pop("content")
        return data


async def test_a_validator_that_changes_its_input_changes_nothing_for_the_endpoint(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/one", dependencies=[Depends(spam_check("text")), Depends(spam_check("comment"))])
    async def one(comment: Legacy) -> str:
        return comment.text

    @app.post("/two", dependencies=[Depends(spam_check("comment.text"))])
    async def two(comment: Legacy, page: Annotated[int, Body()]) -> str:
        return comment.text

    async with drive(app) as request:
        assert (await request("POST", "/one", json={"content": "ham"})).json() == "ham"
        two_parts = {"comment": {"content": "ham"}, "page": 1}
        assert (await request("POST", "/two", json=two_parts)).json() == "ham"
        assert (await request("POST", "/one", json={"content": SPAM})).status_code == 403
    assert keyword.texts[:3] == ["ham", "ham", "ham"]


async def test_a_dependency_s_validator_comes_before_the_endpoint_s(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    class Censored(BaseModel):
        text: str

        @model_validator(mode="before")
        @classmethod
        def censor(cls, data: dict[str, Any]) -> dict[str, Any]:
            data["text"] = data["text"].replace("#", "")
            return data

    async def censored(comment: Censored) -> None: ...

    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/", dependencies=[Depends(censored)])
    async def post(
        comment: CommentIn,
        verdict: Annotated[SpamVerdict, Depends(spam_check("text", on_spam="inject"))],
    ) -> list[Any]:
        return [comment.text, verdict.is_spam]

    async with drive(app) as request:
        answer = await request("POST", "/", json={"text": "S#P#A#M"})
    assert answer.json() == [SPAM, True]


async def test_a_dependency_s_validator_changes_nothing_for_the_check(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    async def legacy(comment: Legacy) -> str:
        return comment.text

    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/")
    async def post(
        text: Annotated[str, Depends(legacy)],
        verdict: Annotated[SpamVerdict, Depends(spam_check("comment"))],
    ) -> str:
        return text

    async with drive(app) as request:
        assert (await request("POST", "/", json={"content": "ham"})).json() == "ham"
        assert (await request("POST", "/", json={"content": SPAM})).status_code == 403
    assert keyword.texts == ["ham", SPAM]


async def test_a_request_that_parses_json_in_its_own_way(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    class Own(Request):
        async def json(self) -> Any:
            if not hasattr(self, "_own"):
                self._own = {"content": (await self.body()).decode()[1:]}
            return self._own

    class Route(APIRoute):
        def get_route_handler(self) -> Any:
            handler = super().get_route_handler()

            async def own(request: Request) -> Any:
                return await handler(Own(request.scope, request.receive))

            return own

    app = FastAPI(lifespan=shield.lifespan)
    app.router.route_class = Route

    @app.post("/", dependencies=[Depends(spam_check("text"))])
    async def post(comment: Legacy) -> str:
        return comment.text

    headers = {"content-type": "application/json"}
    async with drive(app) as request:
        assert (await request("POST", "/", content="!ham", headers=headers)).json() == "ham"
        spam = await request("POST", "/", content=f"!{SPAM}", headers=headers)
        assert spam.status_code == 403
    assert keyword.texts == ["ham", SPAM]


async def test_an_upload_is_at_its_beginning_for_the_check_and_for_the_endpoint(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    async def read_to_the_end(notes: UploadFile) -> None:
        await notes.read()

    app = FastAPI(lifespan=shield.lifespan)
    check = spam_check("notes", on_spam="inject")

    @app.post("/", dependencies=[Depends(read_to_the_end), Depends(check)])
    async def post(notes: Annotated[bytes, File()]) -> bytes:
        return notes

    async with drive(app) as request:
        answer = await request("POST", "/", files={"notes": ("a.txt", SPAM.encode())})
    assert [answer.json()] == keyword.texts == [SPAM]


async def test_an_upload_that_somebody_has_read_from_the_form(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    async def read_to_the_end(request: Request) -> None:
        notes = (await request.form())["notes"]
        assert not isinstance(notes, str)
        await notes.read()

    app = FastAPI(lifespan=shield.lifespan)
    check = spam_check("notes", on_spam="inject")

    @app.post("/", dependencies=[Depends(read_to_the_end), Depends(check)])
    async def post(notes: Annotated[bytes, File()]) -> bytes:
        return notes

    async with drive(app) as request:
        answer = await request("POST", "/", files={"notes": ("a.txt", SPAM.encode())})
    assert [answer.json()] == keyword.texts == [SPAM]
