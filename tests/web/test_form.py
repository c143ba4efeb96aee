import asyncio
from typing import Annotated, Any

import pytest
from fastapi import (
    APIRouter,
    Cookie,
    Depends,
    FastAPI,
    Form,
    Header,
    HTTPException,
    Request,
    WebSocket,
)
from fastapi.testclient import TestClient
from pydantic import BaseModel, Field
from starlette.requests import HTTPConnection

from fastapi_spamshield import (
    ConfigurationError,
    FormToken,
    LaterVerdict,
    ShieldDep,
    SpamGuard,
    SpamShield,
    SpamShieldSettings,
    SpamVerdict,
    Submission,
    UnknownOption,
    form_token,
    spam_check,
    spam_check_later,
    spam_guard,
)
from fastapi_spamshield.web.form import WithoutToken
from tests.support import SPAM, Drive, Keyword

TEXT = "When do you open on Sundays?"


class Message(BaseModel):
    text: str = Field(max_length=1_000)
    form_token: str = Field("", alias="_t")
    elapsed: float | None = None


def states(keyword: Keyword) -> list[str | None]:
    return [submission.form_token for submission in keyword.seen]


def contact_app(shield: SpamShield, given: Any = "form_token", **options: Any) -> FastAPI:
    app = FastAPI(lifespan=shield.lifespan)
    check = spam_check("text", form_token=given, kind="contact", **options)

    @app.get("/contact")
    async def show(token: Annotated[str, Depends(form_token("contact"))]) -> dict[str, str]:
        return {"token": token}

    @app.post("/contact")
    async def send(
        message: Message, verdict: Annotated[SpamVerdict, Depends(check)]
    ) -> dict[str, Any]:
        if "taken" in message.text:
            raise HTTPException(409)
        return verdict.model_dump(mode="json")

    return app


async def test_a_form_is_shown_and_sent(drive: Drive, shield: SpamShield, keyword: Keyword) -> None:
    async with drive(contact_app(shield)) as client:
        token = (await client("GET", "/contact")).json()["token"]
        answer = await client("POST", "/contact", json={"text": TEXT, "_t": token})
    assert answer.status_code == 200
    [submission] = keyword.seen
    assert submission.form_token == "valid"
    assert submission.elapsed is not None
    assert 0 <= submission.elapsed < 60
    assert token not in str(submission.model_dump())


async def test_what_becomes_of_a_token(drive: Drive, shield: SpamShield, keyword: Keyword) -> None:
    good, other = shield.form_token("contact"), shield.form_token("comment")
    old = shield.form_token("contact", age=1e6)
    sent: list[Any] = [good, good, other, old, "x", good[:-1] + "!", "", "y" * 1_000_000]
    async with drive(contact_app(shield)) as client:
        for token in sent:
            await client("POST", "/contact", json={"text": TEXT, "_t": token})
        await client("POST", "/contact", json={"text": TEXT})
    assert states(keyword) == [
        *("valid", "used", "foreign", "expired", "forged", "forged"),
        *("missing", "forged", "missing"),
    ]


async def test_the_token_knows_better_than_the_sender(
    drive: Drive, shield: SpamShield, keyword: Keyword
) -> None:
    async with drive(contact_app(shield, elapsed="elapsed")) as client:
        for token in (shield.form_token("contact", age=2.0), "forged"):
            message = {"text": TEXT, "_t": token, "elapsed": 100}
            await client("POST", "/contact", json=message)
    known, claimed = (submission.elapsed for submission in keyword.seen)
    assert known is not None
    assert 2 <= known < 60
    assert claimed == 100


async def test_a_refusal_and_a_slip_leave_the_token_good(
    drive: Drive, shield: SpamShield, keyword: Keyword
) -> None:
    token = shield.form_token("contact")
    async with drive(contact_app(shield)) as client:

        async def post(text: str) -> int:
            answer = await client("POST", "/contact", json={"text": text, "_t": token})
            return answer.status_code

        assert await post("x" * 1_001) == 422
        assert [await post(SPAM), await post(SPAM)] == [403, 403]
        assert await post(TEXT) == 200
        assert await post(TEXT) == 200
    assert states(keyword) == ["valid", "valid", "valid", "used"]


async def test_what_the_handler_refuses_has_used_the_token(
    drive: Drive, shield: SpamShield, keyword: Keyword
) -> None:
    token = shield.form_token("contact")
    async with drive(contact_app(shield)) as client:
        for text in ("taken", TEXT):
            await client("POST", "/contact", json={"text": text, "_t": token})
    assert states(keyword) == ["valid", "used"]


async def test_the_engine_weighs_it_and_none_of_it_is_enough_alone(drive: Drive) -> None:
    shield = SpamShield()
    good = shield.form_token("contact", age=20)
    shown = {
        "valid": good,
        "used": good,
        "missing": "",
        "forged": "x",
        "foreign": shield.form_token("comment", age=20),
        "expired": shield.form_token("contact", age=1e6),
    }
    async with drive(contact_app(shield)) as client:
        for state, token in shown.items():
            answer = await client("POST", "/contact", json={"text": TEXT, "_t": token})
            verdict = answer.json()
            seen = {signal["name"] for signal in verdict["signals"]} - {"wording"}
            assert seen == (set() if state == "valid" else {f"form_token_{state}"})
            assert verdict["action"] == "allow"
            assert (verdict["score"] > 0.03) == (state != "valid")


async def test_a_hasty_robot_with_a_good_token(drive: Drive) -> None:
    shield = SpamShield()
    async with drive(contact_app(shield)) as client:
        token = (await client("GET", "/contact")).json()["token"]
        verdicts = [
            (await client("POST", "/contact", json={"text": TEXT, "_t": token})).json()
            for _ in range(2)
        ]
    first, second = verdicts
    [haste] = [signal for signal in first["signals"] if signal["name"] == "too_fast"]
    assert haste["detail"].endswith("by our clock.")
    assert (first["action"], second["action"]) == ("allow", "review")


async def test_one_that_is_required(drive: Drive, shield: SpamShield, keyword: Keyword) -> None:
    app = contact_app(shield, FormToken("form_token", required=True))
    async with drive(app) as client:
        token = shield.form_token("contact")
        sent = (token, token, "x", "")
        answers = [await client("POST", "/contact", json={"text": TEXT, "_t": one}) for one in sent]
    assert [answer.status_code for answer in answers] == [200, 403, 403, 403]
    assert "token" not in answers[1].text
    assert states(keyword) == ["valid"]


async def test_the_handler_learns_what_was_missing(
    drive: Drive, shield: SpamShield, keyword: Keyword
) -> None:
    app = contact_app(shield, FormToken("form_token", required=True), on_spam="inject")
    async with drive(app) as client:
        verdict = (await client("POST", "/contact", json={"text": TEXT})).json()
    assert (verdict["label"], verdict["action"], verdict["score"]) == ("spam", "reject", 1.0)
    assert (verdict["detector"], verdict["category"]) == ("form_token", "form_token_missing")
    assert keyword.seen == []


async def test_without_a_token_wants_nothing_of_the_submission() -> None:
    detection = await WithoutToken("expired").detect(Submission(text="x"))
    assert [signal.name for signal in detection.signals] == ["form_token_expired"]


def session_id(session: Annotated[str | None, Cookie()] = None) -> str | None:
    return session


async def test_one_that_is_bound_to_a_session(
    drive: Drive, shield: SpamShield, keyword: Keyword
) -> None:
    app = FastAPI(lifespan=shield.lifespan)
    bound = FormToken("form_token", purpose="mail", session=session_id)
    check = spam_check("text", form_token=bound)

    @app.get("/")
    async def show(
        token: Annotated[str, Depends(form_token("mail", session=Depends(session_id)))],
    ) -> str:
        return token

    @app.post("/", dependencies=[Depends(check)])
    async def send(text: Annotated[str, Form()], form_token: Annotated[str, Form()]) -> None: ...

    async with drive(app) as client:
        anne, bob, nobody = {"Cookie": "session=anne"}, {"Cookie": "session=bob"}, {"X-A": "1"}
        for headers in (bob, nobody, anne):
            token = (await client("GET", "/", headers=anne)).json()
            await client("POST", "/", headers=headers, data={"text": TEXT, "form_token": token})
    assert states(keyword) == ["foreign", "foreign", "valid"]


async def test_two_checks_use_it_once(drive: Drive, shield: SpamShield, keyword: Keyword) -> None:
    app = FastAPI(lifespan=shield.lifespan)
    one = spam_check("text", form_token="form_token", kind="contact")
    two = spam_check("text", form_token=FormToken("form_token", purpose="contact"), threshold=0.4)
    bound = FormToken("form_token", purpose="contact", session=session_id)
    three = spam_check("text", form_token=bound, threshold=0.5)

    @app.post("/", dependencies=[Depends(one), Depends(two), Depends(three)])
    async def send(message: Message) -> None: ...

    token = shield.form_token("contact")
    async with drive(app) as client:
        for text in (SPAM, TEXT, TEXT):
            answer = await client("POST", "/", json={"text": text, "_t": token})
            assert answer.status_code == (403 if text == SPAM else 200)
    assert states(keyword)[:2] == ["valid"] * 2
    assert states(keyword)[-6:] == ["valid"] * 3 + ["used"] * 3


async def test_a_session_is_known_to_the_check_that_asks_for_it(
    drive: Drive, shield: SpamShield, keyword: Keyword
) -> None:
    app = FastAPI(lifespan=shield.lifespan)
    bound = FormToken("form_token", purpose="contact", session=session_id)
    checks = [spam_check("text"), spam_check("text", form_token=bound)]

    @app.post("/", dependencies=list(map(Depends, checks)))
    async def send(message: Message) -> None: ...

    token = shield.form_token("contact", session="anne")
    async with drive(app) as client:
        message = {"text": TEXT, "_t": token}
        await client("POST", "/", json=message, headers={"Cookie": "session=anne"})
    assert states(keyword) == [None, "valid"]


async def test_of_many_at_a_time_one_has_it(shield: SpamShield, keyword: Keyword) -> None:
    from tests.support import drive_with_httpx

    token = shield.form_token("contact")
    async with drive_with_httpx(contact_app(shield)) as client:
        posts = [client("POST", "/contact", json={"text": TEXT, "_t": token}) for _ in range(20)]
        await asyncio.gather(*posts)
    assert sorted(map(str, states(keyword))) == ["used"] * 19 + ["valid"]


async def test_whoever_is_trusted_and_what_is_only_watched(
    drive: Drive, shield: SpamShield, keyword: Keyword
) -> None:
    def trusted(trust: Annotated[str | None, Header()] = None) -> bool:
        return trust is not None

    token = shield.form_token("contact")
    required = FormToken("form_token", required=True)
    async with drive(contact_app(shield, required, bypass=trusted, shadow=True)) as client:
        first = await client(
            "POST", "/contact", json={"text": TEXT, "_t": token}, headers={"Trust": "1"}
        )
        assert first.json()["status"] == "bypassed"
        await client("POST", "/contact", json={"text": TEXT, "_t": token})
        last = await client("POST", "/contact", json={"text": TEXT, "_t": token})
    assert (last.json()["action"], last.json()["shadow_action"]) == ("allow", "reject")
    assert states(keyword) == ["valid"]


async def test_what_is_checked_later(drive: Drive, shield: SpamShield, keyword: Keyword) -> None:
    told: list[SpamVerdict] = []
    app = FastAPI(lifespan=shield.lifespan)

    def keep(verdict: SpamVerdict, submission: Submission) -> None:
        told.append(verdict)

    later = spam_check_later(
        "text",
        on_verdict=keep,
        form_token=FormToken("form_token", required=True, session=session_id),
        kind="review",
    )

    def refuse(refuse: Annotated[str | None, Header()] = None) -> None:
        if refuse:
            raise HTTPException(401)

    @app.post("/")
    async def send(
        message: Message,
        promise: Annotated[LaterVerdict, Depends(later)],
        _: Annotated[None, Depends(refuse)],
    ) -> None: ...

    token = shield.form_token("review")
    async with drive(app) as client:
        message = {"text": TEXT, "_t": token}
        await client("POST", "/", json=message, headers={"Refuse": "1"})
        await client("POST", "/", json=message)
        await client("POST", "/", json=message)
    assert [verdict.category for verdict in told] == [None, "form_token_used"]
    assert [verdict.label for verdict in told] == ["ham", "spam"]
    assert states(keyword) == ["valid"]


async def test_a_request_that_the_endpoint_reads_itself(
    drive: Drive, shield: SpamShield, keyword: Keyword
) -> None:
    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/", dependencies=[Depends(spam_check("text", form_token="t"))])
    async def send(request: Request) -> None:
        await request.body()

    async with drive(app) as client:
        await client("POST", "/", data={"text": TEXT, "t": shield.form_token("comment")})
        await client("POST", "/", json={"text": TEXT, "t": shield.form_token("comment")})
        await client("POST", "/", json={"text": TEXT, "t": ["x", {"y": 1}]})
        await client("POST", "/", json={"text": TEXT})
    assert states(keyword) == ["valid", "valid", "forged", "missing"]


def test_nothing_of_it_is_a_parameter_of_the_request(shield: SpamShield) -> None:
    app = contact_app(shield, FormToken("form_token", required=True))
    with TestClient(app) as client:
        paths = client.get("/openapi.json").json()["paths"]["/contact"]
    assert "parameters" not in paths["get"]
    assert "parameters" not in paths["post"]
    assert "403" in paths["post"]["responses"]
    body = paths["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert body == {"$ref": "#/components/schemas/Message"}


def test_equal_ones_are_one_dependency() -> None:
    assert form_token("a") == form_token("a") != form_token("b")
    assert len({form_token("a", session=session_id), form_token("a", session=session_id)}) == 1
    required = FormToken("t", required=True)
    assert spam_check("text", form_token="t") == spam_check("text", form_token=FormToken("t"))
    assert spam_check("text", form_token="t") != spam_check("text", form_token=required)
    assert spam_check("text", form_token="t") != spam_check("text", form_token="t", kind="x")
    assert hash(spam_check("text", form_token=["t"])) == hash(spam_check("text", form_token="t"))


def test_a_place_that_is_not_there_stops_the_application(shield: SpamShield) -> None:
    router = APIRouter()

    @router.post("/", dependencies=[Depends(spam_check("text", form_token="form_tokne"))])
    async def send(message: Message) -> None: ...

    app = FastAPI(lifespan=shield.lifespan)
    app.include_router(router)
    slip = r"form_token='form_tokne': .* Did you mean 'form_token'\?"
    with pytest.raises(ConfigurationError, match=slip), TestClient(app):
        pass


def test_what_makes_no_sense() -> None:
    wrong: Any = 7
    with pytest.raises(ConfigurationError, match=r"form_token\(7\): write a word"):
        form_token(wrong)
    with pytest.raises(ConfigurationError, match=r"session=7: write a dependency"):
        form_token("a", session=wrong)
    with pytest.raises(ConfigurationError, match=r"form_token=7: a place is"):
        spam_check("text", form_token=wrong)
    with pytest.raises(UnknownOption, match="Did you mean 'session'"):
        form_token("a", sesion=session_id)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def test_the_factory_itself_is_no_dependency() -> None:
    with pytest.raises(ConfigurationError, match=r'Depends\(form_token\("contact"\)\)'):

        @FastAPI().get("/")
        def show(token: Annotated[str, Depends(form_token)]) -> None: ...


async def test_a_session_of_another_kind_is_an_error(shield: SpamShield) -> None:
    def user(connection: HTTPConnection) -> object:
        return connection

    app = contact_app(shield, FormToken("form_token", session=user))
    with (
        TestClient(app) as client,
        pytest.raises(ConfigurationError, match="session is a Request"),
    ):
        client.post("/contact", json={"text": TEXT, "_t": shield.form_token("contact")})


async def test_workers_that_share_a_secret(drive: Drive, keyword: Keyword) -> None:
    settings = SpamShieldSettings(secret="known to all of the workers")
    token = SpamShield(settings=settings).form_token("contact")
    async with drive(contact_app(SpamShield(keyword, settings=settings))) as client:
        await client("POST", "/contact", json={"text": TEXT, "_t": token})
    assert states(keyword) == ["valid"]


def test_a_chat_can_have_one_for_the_connection(shield: SpamShield, keyword: Keyword) -> None:
    app = FastAPI(lifespan=shield.lifespan)

    @app.websocket("/chat")
    async def chat(
        websocket: WebSocket,
        token: str,
        guard: Annotated[SpamGuard, Depends(spam_guard())],
        shield: ShieldDep,
    ) -> None:
        reading = await shield.claim_form_token(token, "chat")
        await websocket.accept()
        async for message in guard.iter_text(form_token=reading.state):
            await websocket.send_text(message.verdict.label)

    token = shield.form_token("chat")
    with TestClient(app) as client:
        for _ in range(2):
            with client.websocket_connect(f"/chat?token={token}") as socket:
                for _ in range(2):
                    socket.send_text(TEXT)
                    assert socket.receive_text() == "ham"
    assert states(keyword) == ["valid", "valid", "used", "used"]
    assert [submission.elapsed for submission in keyword.seen] == [None] * 4
