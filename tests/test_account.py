import pytest

from fastapi_spamshield import (
    Detection,
    DetectorError,
    Signal,
    SpamPolicy,
    SpamShield,
    SpamVerdict,
    Submission,
)
from fastapi_spamshield.account import LONGEST_QUOTE, printable, quoted
from fastapi_spamshield.detectors.local.curve import score_of
from fastapi_spamshield.errors import ErrorCode
from fastapi_spamshield.testing import SPAM_TEST_STRING, FakeShield

TEXT = "You have won! Claim your prize now: https://bit.ly/prize"
POLICY = SpamPolicy()


async def judged(text: str = TEXT) -> SpamVerdict:
    return await SpamShield().check(text, verdict_id="0123456789abcdef")


async def test_the_form_of_it() -> None:
    verdict = await judged()
    lines = verdict.explain(TEXT).splitlines()
    assert lines[:5] == [
        f"spam, reject: score {verdict.score:.3f}; spam above 0.7, suspicious from 0.3",
        "checked by local, verdict 0123456789abcdef",
        f"category: {verdict.category}",
        "",
        "evidence, heaviest first:",
    ]
    last = 5 + len(verdict.signals)
    for signal, line in zip(verdict.signals, lines[5:last], strict=True):
        assert line.startswith(f"{signal.weight:+6.2f}  {signal.name}")
        assert line.endswith(f": {signal.detail}")
        if signal.span:
            start, end = signal.span
            assert f' in text {start}-{end} "{TEXT[start:end]}": ' in line
    weight = sum(signal.weight for signal in verdict.signals)
    assert verdict.score == pytest.approx(score_of(weight))
    assert lines[last:] == [
        f"{weight:+6.2f}  in all; the score is 1 / (1 + e^(4 - {weight:.2f}))",
        "",
        "not measured:",
        *(f"- {name}: the detector does not say" for name in ("confidence", "toxicity")),
    ]


async def test_without_the_submission_it_has_none_of_its_words() -> None:
    account = (await judged()).explain()
    assert "trigger_phrase in text 0-12: A phrase that is usual in spam." in account
    assert not any(word in account for word in ("won", "prize", "bit.ly"))


async def test_it_quotes_other_fields_of_a_whole_submission() -> None:
    submission = Submission(text="Look.", author="see casino.com", subject="online casino")
    verdict = await SpamShield().check(submission)
    account = verdict.explain(submission)
    assert 'url_in_name in author 0-14 "see casino.com": ' in account
    assert 'trigger_phrase in subject 0-13 "online casino": ' in account
    assert '"' not in verdict.explain("Look.").replace('"Look."', "")


def test_what_a_service_says() -> None:
    signals = (
        Signal(name="spam_words", weight=0.0, detail="Says\nthe service.", source="siftfy"),
        Signal(name="cut", weight=0.0, detail="Of 9 characters the service got 5.", source="me"),
        Signal(name="bare", weight=-1.0, source="siftfy"),
    )
    detection = Detection(
        score=0.93, category="seo\u202e", confidence=0.9, toxicity=0.1, signals=signals, cached=True
    )
    origin = (
        "checked by siftfy, verdict 0123456789abcdef, a remembered answer, "
        "in shadow mode, else reject"
    )
    policy = SpamPolicy(shadow=True)
    verdict = policy.judge(detection, id="0123456789abcdef", detector="siftfy")
    assert verdict.explain() == "\n".join(  # noqa: FLY002 - one line each
        [
            "spam, allow: score 0.930; spam above 0.7, suspicious from 0.3",
            origin,
            "category: seo\\u202e",
            "",
            "evidence, heaviest first:",
            " +0.00  spam_words: Says\\nthe service.",
            " +0.00  cut: Of 9 characters the service got 5. (me)",
            " -1.00  bare",
            "",
            "not measured:",
            "- all of the text: Of 9 characters the service got 5.",
        ]
    )


def test_nothing_is_missing() -> None:
    verdict = POLICY.judge(Detection(score=0.1, confidence=1.0, toxicity=0.0, reason="Fine."))
    lines = verdict.explain().splitlines()
    assert "reason: Fine." in lines
    assert lines[-2:] == ["not measured:", "- nothing is missing"]


@pytest.mark.parametrize("code", ErrorCode.__args__)  # type: ignore[attr-defined]
async def test_every_failure_has_a_sentence(code: ErrorCode) -> None:
    verdict = await FakeShield(DetectorError(code)).check("x")
    lines = verdict.explain().splitlines()
    assert lines[0].startswith("unknown, review: not measured; ")
    assert lines[1].startswith("degraded by fake, ")
    assert lines[-3].startswith("- the submission: ")
    assert lines[-2:] == ["- confidence: as above", "- toxicity: as above"]


@pytest.mark.parametrize(
    ("status", "says"),
    [
        ("bypassed", "the sender is trusted"),
        ("skipped", "there was nothing to check, or nobody was asked"),
        ("degraded", "nobody says why"),
    ],
)
def test_what_was_not_measured_without_a_failure(status: str, says: str) -> None:
    account = POLICY.without_score(status).explain()  # type: ignore[arg-type]
    assert f"{status} by nobody, " in account
    assert f"- the submission: {says}" in account


async def test_a_test_string_adds_up_to_nothing() -> None:
    assert "in all" not in (await judged(SPAM_TEST_STRING)).explain()


def test_a_quotation_is_one_harmless_line() -> None:
    assert quoted('a\n\x1b[31m+9.99  "x"\u2066\u200b') == '"a\\n\\x1b[31m+9.99  "x"\\u2066\\u200b"'
    assert quoted("你好, Ümit ✓") == '"你好, Ümit ✓"'
    assert printable("\ud83d\U000e0041") == "\\ud83d\\U000e0041"
    long = quoted("x" * 1_000_000)
    assert len(long) == LONGEST_QUOTE + 2
    assert long.endswith('…"')
