import pytest

from fastapi_spamshield.detectors.local import phrases
from fastapi_spamshield.detectors.local.finding import Finding
from fastapi_spamshield.detectors.local.normalisation import lowered
from fastapi_spamshield.detectors.local.pieces import pieces_of
from fastapi_spamshield.detectors.local.wording import find_phrases, vocabulary_of
from tests.detectors.local.judging import findings, judge, names, seen

TIERS = (
    (phrases.INVITING_PHRASES, 3.2, "trigger_phrase"),
    (phrases.STRONG_PHRASES, 2.8, "trigger_phrase"),
    (phrases.USUAL_PHRASES, 1.8, "trigger_phrase"),
    (phrases.WEAK_PHRASES, 0.6, "trigger_phrase"),
    (phrases.PRAISE_PHRASES, 0.6, "praise"),
    (phrases.UNSPACED_PHRASES, 2.8, "trigger_phrase"),
)


def phrases_in(low: str) -> list[Finding]:
    return find_phrases(low, vocabulary_of(pieces_of(low)))


@pytest.mark.parametrize(("tier", "weight", "name"), TIERS)
def test_every_phrase_is_found_by_itself(tier: tuple[str, ...], weight: float, name: str) -> None:
    for phrase in tier:
        [found, *rest] = phrases_in(phrase)
        assert (found.name, found.weight) == (name, weight), phrase
        if tier is not phrases.UNSPACED_PHRASES:
            assert (found.start, found.end, rest) == (0, len(phrase), []), phrase


def test_every_phrase_stands_once_and_in_lower_case() -> None:
    every = [phrase for tier, _, _ in TIERS for phrase in tier]
    assert len(every) == len(set(every))
    assert [phrase for phrase in every if phrase != lowered(phrase)] == []


def test_the_phrases_that_the_document_names() -> None:
    for phrase in (
        "casino",
        "cryptocurrency",
        "wire transfer",
        "free money",
        "click here",
        "buy now",
    ):
        assert ("trigger_phrase", phrase) in [
            (name, text) for name, _, text in seen(f"So, {phrase}, they say.")
        ]
    assert "trigger_phrase" in names("Only for a LIMITED TIME, they say.")


def test_case_does_not_matter_and_the_span_is_that_of_the_original() -> None:
    assert seen("We offer SEO Services today") == [
        ("trigger_phrase", 2.8, "SEO Services"),
        ("trigger_phrase", 0.6, "offer"),
    ]


def test_an_i_with_a_dot_moves_no_span() -> None:
    assert seen("İİİİ İstanbul: Online CASİNO ve CASINO") == [
        ("trigger_phrase", 2.8, "Online CASİNO"),
        ("trigger_phrase", 1.8, "CASINO"),
    ]


def test_only_whole_words_count() -> None:
    assert names("The casinos, freedom, our Essexo forexample") == set()
    assert names("A casino's freed offers") == {"trigger_phrase"}
    assert seen("xcasino casinox casino_ casino")[0] == ("trigger_phrase", 1.8, "casino")


def test_vowel_signs_are_part_of_the_word() -> None:
    assert phrases_in("लोन") != []
    assert phrases_in("लोनी") == []
    assert phrases_in("कालोन") == []


def test_the_longest_phrase_wins_and_what_it_holds_does_not_count_again() -> None:
    assert seen("Our online casino opened") == [("trigger_phrase", 2.8, "online casino")]


def test_a_phrase_counts_once() -> None:
    assert seen("A casino is a casino is a Casino.") == [("trigger_phrase", 1.8, "casino")]
    assert len(phrases_in("兼职 兼职")) == 1


def test_words_of_every_day_count_for_two_at_most() -> None:
    text = "cheap discount offer: free profit, instant promotion and growth of your business"
    assert [weight for _, weight, _ in seen(text)] == [0.6, 0.6]


def test_phrases_count_no_more_than_the_limit() -> None:
    found = findings(". ".join(phrases.STRONG_PHRASES[10:60]))
    assert sum(one.weight for one in found) == pytest.approx(4.8)


def test_a_phrase_in_a_complaint_is_no_reason_to_review_but_an_invitation_is() -> None:
    assert judge("Somebody sent me a mail about SEO services again.").score < 0.3
    assert judge("please subscribe").score >= 0.3


def test_phrases_of_the_subject_point_into_the_subject() -> None:
    subject = "Hello: Guest Post"
    [found] = findings("Good morning to all of you.", subject)
    assert (found.field, found.start, found.end, found.weight) == ("subject", 7, 17, 2.8)
    assert subject[7:17] == "Guest Post"


def test_only_the_beginning_of_a_subject_is_read() -> None:
    assert names("Good morning to all of you.", subject="a " * 500 + "casino") == set()


def test_the_detail_quotes_nothing() -> None:
    [found] = findings("They opened a casino there.")
    assert found.detail == "A phrase that is usual in spam."
