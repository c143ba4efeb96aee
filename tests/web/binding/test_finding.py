from fastapi import FastAPI

from fastapi_spamshield.web.binding import iter_applications


def test_applications_are_found_through_mounts() -> None:
    app, below, deeper = FastAPI(), FastAPI(), FastAPI()
    below.mount("/deeper", deeper)
    app.mount("/below", below)
    app.mount("/other", lambda scope, receive, send: None)  # type: ignore[arg-type, return-value]
    assert list(iter_applications(app)) == [app, below, deeper]
