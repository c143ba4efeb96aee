import math
import threading

import pytest

from fastapi_spamshield.detectors.base import Detector
from fastapi_spamshield.detectors.local import LocalDetector, detector
from fastapi_spamshield.detectors.local.detector import AT_ONCE
from fastapi_spamshield.detectors.local.evidence import MOST_SIGNALS
from fastapi_spamshield.detectors.local.reading import Reading, reading_of
from fastapi_spamshield.errors import ConfigurationError
from fastapi_spamshield.models import Submission
from tests.detectors.local.judging import judge, names

HAM = "I followed the guide yesterday, and the second step failed on my machine."


def test_it_is_a_detector() -> None:
    assert isinstance(LocalDetector(), Detector)
    assert LocalDetector().name == "local"
    assert LocalDetector() == LocalDetector()


def test_no_evidence() -> None:
    detection = judge(HAM)
    assert detection.score < 0.2
    [signal] = detection.signals
    assert (signal.name, signal.span) == ("wording", None)
    assert signal.weight == pytest.approx(math.log(detection.score / (1 - detection.score)) + 4)


async def test_detect_is_judge() -> None:
    submission = Submission(text="BUY NOW!!! www.a.example www.b.example", author="www.c.example")
    local = LocalDetector()
    assert await local.detect(submission) == local.judge(submission)


@pytest.mark.parametrize(("length", "aside"), [(AT_ONCE, False), (AT_ONCE + 1, True)])
async def test_a_long_text_does_not_hold_the_event_loop(
    length: int, aside: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[int] = []

    def watched(text: str, subject: str = "") -> Reading:
        threads.append(threading.get_ident())
        return reading_of(text, subject)

    monkeypatch.setattr(detector, "reading_of", watched)
    submission = Submission(text=(HAM * 100)[:length])
    assert await LocalDetector().detect(submission) == LocalDetector().judge(submission)
    assert (threads[0] != threading.get_ident()) == aside


def test_the_strongest_comes_first_and_names_the_category() -> None:
    detection = judge("Somebody opened a casino there.", honeypot="x")
    assert detection.category == "honeypot"
    assert detection.signals[0].name == "honeypot"
    weights = [signal.weight for signal in detection.signals]
    assert weights == sorted(weights, reverse=True)


def test_the_reason_says_each_thing_once_and_three_at_most() -> None:
    detection = judge("casino viagra [url=x] <a href=y> {a|b}", honeypot="x")
    assert detection.reason is not None
    sentences = detection.reason.split(". ")
    assert sentences[0] == "A field was filled in that people do not see"
    assert len(set(sentences)) == 3


@pytest.mark.parametrize("limit", [999, 0, -1])
def test_too_little_to_read(limit: int) -> None:
    with pytest.raises(ConfigurationError, match=f"max_characters={limit}: write at least 1000"):
        LocalDetector(max_characters=limit)


def test_a_long_text_is_read_in_parts_and_the_verdict_says_so() -> None:
    filler = "and then we went on, " * 2_000
    text = f"The casino. {filler}"
    detection = LocalDetector(max_characters=1000).judge(Submission(text=text))
    [sampled] = [signal for signal in detection.signals if signal.name == "sampled"]
    assert (sampled.name, sampled.weight, sampled.span) == ("sampled", 0.0, None)
    assert sampled.detail == f"1000 of {len(text)} characters were read."
    assert "sampled" not in names(text[:20_000])
    assert "sampled" in names(text[:20_001])


@pytest.mark.parametrize("share", [0.0, 0.51, 1.0])
def test_spam_in_head_middle_or_tail_is_found_and_pointed_to(share: float) -> None:
    filler = "".join(f"the {number} " for number in range(20_000))
    place = int(len(filler) * share)
    text = f"{filler[:place]} Online Casino {filler[place:]}"
    detection = judge(text)
    found = {text[slice(*signal.span)] for signal in detection.signals if signal.span}
    assert "Online Casino" in found


def test_nothing_of_the_submission_is_quoted() -> None:
    secret = "Zyxwv"
    detection = judge(
        f"{secret} CASINO!!! [url=http://{secret}.example] {secret}@a.example",
        author=f"www.{secret}.example",
        email=f"{secret}@b.example",
        subject=f"{secret} casino",
        honeypot=secret,
        elapsed=0.5,
    )
    said = [detection.category, detection.reason, *(signal.detail for signal in detection.signals)]
    assert secret.lower() not in str(said).lower()
    assert len(detection.signals) > 6


def test_signals_are_limited_and_all_that_count_are_shown() -> None:
    detection = judge(
        "casino viagra cialis forex rolex nudes 👉 💰 !!! ??? $$$ 1000 $2000 $3000 per day 80% off "
        "[url=x] <a href=y> {a|b} {c|d} www.a.io www.b.io www.c.io http://x@8.8.8.8 bit.ly/abc "
        "t.me/x whatsapp +1 call 0800123456 кaзино \u202e 𝐚𝐛𝐜 a b c d e f loooooooooooooooool",
        subject="act now casino seo audit free quote",
        honeypot="x",
        elapsed=-1.0,
        author="www.a.example",
        email="none",
    )
    assert len(detection.signals) <= MOST_SIGNALS + 12
    assert detection.score > 0.999
