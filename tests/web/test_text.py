"""Words in files that are too long to be read whole."""

from typing import Annotated, Any

from fastapi import Depends, FastAPI, UploadFile

from fastapi_spamshield import SpamShield, SpamVerdict, spam_check
from fastapi_spamshield.web.text import words_in
from tests.support import SPAM, Drive, Keyword


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
