import pytest

from fastapi_spamshield.detectors.local.normalisation import normalised
from fastapi_spamshield.detectors.local.pieces import pieces_of
from fastapi_spamshield.detectors.local.shape import find_shape
from tests.detectors.local.judging import findings, judge, names, seen


def test_shouting() -> None:
    [signal] = findings("BUT THIS IS THE VERY BEST OF ALL THE PLACES here")
    assert (signal.name, signal.weight, signal.start) == ("all_caps", 1.0, -1)
    assert signal.detail == "89% of 38 letters are capitals."


@pytest.mark.parametrize(
    "text", ["ЭТО САМОЕ ЛУЧШЕЕ МЕСТО НА СВЕТЕ", "ΑΥΤΟ ΕΙΝΑΙ ΤΟ ΚΑΛΥΤΕΡΟ ΜΕΡΟΣ"]
)
def test_shouting_in_other_alphabets(text: str) -> None:
    assert names(text) == {"all_caps"}


@pytest.mark.parametrize(
    "text",
    [
        "WHERE IS MY ORDER",
        "NASA, ESA and JAXA met CERN in the USA, says the BBC.",
        "The Quick Brown Fox Jumps Over The Lazy Dog Again Today",
        "これは大文字のない文章です。とても長い文章です。",
        "ÀÉÎ õü and the rest in small letters",
    ],
)
def test_what_is_not_shouting(text: str) -> None:
    assert names(text) == set()


def test_a_customer_who_shouts_is_not_spam() -> None:
    assert judge("WHERE IS MY ORDER??? I HAVE WAITED FOR THREE WEEKS!!!").score < 0.3


def test_rows_of_marks_are_limited() -> None:
    assert seen("Is that so?! Yes! Really?") == []
    assert seen("Is that so?!? Yes it is $$") == [
        ("punctuation", 0.7, "?!?"),
        ("punctuation", 0.7, "$$"),
    ]
    text = "what!!! is!!! it!!! now!!!"
    found = find_shape(text, normalised(text), pieces_of(text))
    assert sum(f.weight for f in found) == pytest.approx(1.5)


def test_one_character_many_times() -> None:
    assert seen("It was sooooooooooo good") == [("repeated_character", 0.5, "ooooooooooo")]
    assert names("It was sooooooo good; " + "=" * 70 + " and " + "." * 40) == set()


def test_a_word_with_gaps() -> None:
    assert ("spaced_letters", 1.2, "v i a g r a") in seen("take v i a g r a now, please")
    assert names("a b and c d or e f were the letters; I, a b c") == set()


def test_words_that_repeat_others() -> None:
    [signal] = findings("best shop " * 6)
    assert (signal.name, signal.weight) == ("repeated_words", 1.0)
    assert signal.detail == "83% of 12 words repeat others."
    assert names("very very very very very good") == set()
    assert names("the cat and the dog and the fox and the hen and so on") == set()


def test_lines_that_repeat_others() -> None:
    lines = [f"Come and see us\n{line}" for line in ("today or", "tomorrow if", "it suits you")]
    [signal] = findings("\n".join(lines))
    assert (signal.name, signal.weight, signal.detail) == (
        "repeated_lines",
        1.0,
        "One line 3 times.",
    )
    assert names("Roses are red\nViolets are blue\n\n\n\nThat is all\n}\n}\n}\n") == set()
    assert names("a\nb\nc\n") == {"short"}


def test_symbols_that_shout() -> None:
    assert seen("Look 👉 here 👉 now 💰 and 🚀") == [
        ("bait_symbol", 0.8, "👉"),
        ("bait_symbol", 0.8, "💰"),
    ]
    assert names("Lovely 😍🎉❤️ thank you") == set()


def test_next_to_nothing() -> None:
    [signal] = findings("  ok ")
    assert (signal.name, signal.weight, signal.detail) == ("short", 0.3, "2 characters.")
    assert names("thanks") == set()
    assert names("") == {"short"}
