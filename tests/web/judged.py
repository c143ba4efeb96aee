"""Routes that judge something of what they get."""

from typing import Any

from fastapi import (
    Depends,
    FastAPI,
)

from fastapi_spamshield import SpamShield, spam_check


def app_with(shield: SpamShield, handler: Any, field: Any, path: str = "/") -> FastAPI:
    app = FastAPI(lifespan=shield.lifespan)
    app.post(path, dependencies=[Depends(spam_check(field))])(handler)
    return app


def takes(annotation: Any) -> Any:
    async def handler(comment: Any) -> str:
        return "done"

    handler.__annotations__["comment"] = annotation
    return handler
