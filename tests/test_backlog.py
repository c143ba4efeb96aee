from fastapi_spamshield.backlog import Backlog


async def test_what_was_never_started_ends_at_once() -> None:
    await Backlog(size=1, workers=1, drain_timeout=60).drain()
