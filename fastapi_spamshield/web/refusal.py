"""What the sender of spam is told: one neutral sentence and a reference, never a reason."""

import json
import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from fastapi import HTTPException
from fastapi.exception_handlers import http_exception_handler
from starlette.exceptions import WebSocketException
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.status import WS_1008_POLICY_VIOLATION

from ..errors import SpamShieldError
from ..models import SpamVerdict
from ..policy import SpamPolicy
from .binding import install_handler

logger: logging.Logger = logging.getLogger("fastapi_spamshield")

PROBLEM_JSON = "application/problem+json"
"""The media type of RFC 9457."""

REFUSED = "This could not be accepted."
UNAVAILABLE_STATUS = 503
UNAVAILABLE = "This could not be processed right now. Please try again later."


class SpamRejected(SpamShieldError, HTTPException):
    """A submission was refused. FastAPI turns it into the answer to the sender.

    An exception handler for it, or for `HTTPException`, may answer in the application's own style.

    Attributes:
        verdict: Why, for the application only.
        status_code: 403 or the policy's own for spam; 503 when nothing could be measured and
            `on_error="reject"`.
        detail: One neutral sentence with the reference.
    """

    def __init__(self, verdict: SpamVerdict, status_code: int) -> None:
        sentence = UNAVAILABLE if verdict.status == "degraded" else REFUSED
        HTTPException.__init__(self, status_code, f"{sentence} Reference: {verdict.id}")
        self.verdict = verdict

    def problem(self) -> dict[str, Any]:
        """The answer's body, as RFC 9457 describes it."""
        return {
            "type": "about:blank",
            "title": _phrase(self.status_code),
            "status": self.status_code,
            "detail": self.detail,
            "instance": f"urn:spamshield:{self.verdict.id}",
        }


class Silenced(SpamShieldError, HTTPException):
    """A submission is spam, and the sender shall believe that it was accepted.

    Attributes:
        verdict: Why, for the application only.
        response: What looks like success.
    """

    def __init__(self, verdict: SpamVerdict, response: Response) -> None:
        HTTPException.__init__(self, response.status_code)
        self.verdict = verdict
        self.response = response


async def answer_rejected(_request: Request, error: SpamRejected) -> Response:
    """A refusal as `application/problem+json`.

    Args:
        _request: What was sent.
        error: The refusal.
    """
    return Response(json.dumps(error.problem()), error.status_code, media_type=PROBLEM_JSON)


async def answer_silenced(_request: Request, error: Silenced) -> Response:
    """What looks like success.

    Args:
        _request: What was sent.
        error: What happened to it.
    """
    return error.response


def refuse(
    verdict: SpamVerdict,
    policy: SpamPolicy,
    *,
    is_websocket: bool,
    silent: Callable[[], Response],
) -> None:
    """Raise what the sender is answered, unless spam is left to the handler.

    Args:
        verdict: Its action is to refuse.
        policy: What it was judged by.
        is_websocket: Whether there is nobody to send an answer to.
        silent: Makes what looks like success.

    Raises:
        SpamRejected: The usual answer.
        Silenced: The answer that looks like success.
        WebSocketException: On a WebSocket, close code 1008.
    """
    if verdict.is_spam and policy.on_spam == "inject":
        return
    logger.info("Refused a submission: %s", verdict.id)
    if is_websocket:
        raise WebSocketException(WS_1008_POLICY_VIOLATION, f"{REFUSED} {verdict.id}")
    if verdict.is_spam and policy.on_spam == "silent":
        raise Silenced(verdict, silent())
    raise SpamRejected(verdict, policy.status_code if verdict.is_spam else UNAVAILABLE_STATUS)


def answer_refusals(connection: HTTPConnection) -> None:
    """Let refusals be answered as above, those too that a handler raises by itself.

    An application that answers all `HTTPException`s in its own way answers these too.

    Args:
        connection: The request or the WebSocket.
    """
    if install_handler(connection, Silenced, answer_silenced):
        install_handler(
            connection, SpamRejected, answer_rejected, unless_replaced=http_exception_handler
        )


def _phrase(status_code: int) -> str:
    try:
        return HTTPStatus(status_code).phrase
    except ValueError:
        return "Refused"


def _schema() -> dict[str, Any]:
    return {
        "title": "SpamRefusal",
        "type": "object",
        "properties": {
            name: {"type": "integer" if name == "status" else "string"}
            for name in ("type", "title", "status", "detail", "instance")
        },
        "required": ["detail"],
    }


def _response(description: str) -> dict[str, Any]:
    return {"description": description, "content": {PROBLEM_JSON: {"schema": _schema()}}}


SPAM_RESPONSES: dict[int | str, dict[str, Any]] = {
    403: _response("The submission was refused."),
    UNAVAILABLE_STATUS: _response("The submission could not be checked."),
}
"""For `responses=` of a route: how a refusal looks, in its OpenAPI.

While a shield runs, its application's OpenAPI has these answers by itself, each with the status of
the route's policy. Before, the policy is not known: where `app.openapi()` is called without the
lifespan, for example to generate a client, either write `responses=SPAM_RESPONSES` at the route or
call it inside of `with TestClient(app):`.
"""
