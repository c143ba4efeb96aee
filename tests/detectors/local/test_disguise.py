import pytest

from fastapi_spamshield.detectors.local.disguise import find_disguise
from fastapi_spamshield.detectors.local.finding import Finding
from fastapi_spamshield.detectors.local.normalisation import normalised
from tests.detectors.local.judging import DISGUISE, names, seen


def disguise_of(text: str) -> list[Finding]:
    return find_disguise(text, normalised(text).seen)


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("a c\u0430sin\u043e near us", "mixed_scripts", "c\u0430sin\u043e"),
        ("the very best cas\u0456no here", "mixed_scripts", "cas\u0456no"),
        ("хорошее кaзино рядом", "mixed_scripts", "кaзино"),
        ("so c\u03b1sino it is", "mixed_scripts", "c\u03b1sino"),
        ("take via\u200bgra now", "invisible", "\u200b"),
        ("take v\u2060\ufeffiagra now", "invisible", "\u2060\ufeff"),
        ("take c\u00ada\u00ads\u00adh now", "invisible", "c\u00ada\u00ad"),
        ("take \u202egnp.exe now", "reversed", "\u202e"),
        ("take 𝐯𝐢𝐚 now", "fancy_letters", "𝐯𝐢𝐚"),
        ("take ⓥⓘⓐ now", "fancy_letters", "ⓥⓘⓐ"),
        ("take 🅅🄸🄰 now", "fancy_letters", "🅅🄸🄰"),
        ("take 𝐯 𝐢 𝐚 now", "fancy_letters", "𝐯 𝐢 𝐚 "),
        (
            "nice\U000e0062\U000e0075\U000e0079 day today",
            "invisible",
            "\U000e0062\U000e0075\U000e0079",
        ),
    ],
)
def test_what_is_disguised(text: str, name: str, words: str) -> None:
    assert (name, words) in {(kind, place) for kind, _, place in seen(text)}


def test_weights_and_their_limit() -> None:
    assert [f.weight for f in disguise_of("кaзино \u202e")] == [1.5, 1.5]
    found = disguise_of("кaзино бoнус стaвка игрaй")
    assert [f.weight for f in found] == [1.5, 1.5]


@pytest.mark.parametrize(
    "text",
    [
        "Donau\u00addampf\u00adschiff\u00adfahrts\u00adgesellschaft",
        "Файл SMSки, IT-шник, PDFка и WiFi-роутер",
        "Купил в McDonald's на Ваня.ru",
        "Приїхав до Києва, бiльше не поїду",
        "2×2 и а×б, 5µm и 10kΩ, Δx",
        "می\u200cخواهم کتاب\u200cها را بخوانم",
        "क्\u200dष और श्री\u200dमान",
        "שלום \u200fעולם\u200f hello\u200e world",
        "\u2067מילה\u2069 in a sentence",
        "👩\u200d👩\u200d👧\u200d👦 and 🏳️\u200d🌈 and 👨🏽\u200d💻",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f is England",
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f is Scotland",
        "🇩🇪🇫🇷🇯🇵 🆗 🅰️",
        "f = 𝑚𝑎 is what it says",
        "ＰＣで作業しています",
        "\ufeffA file with a byte order mark",
        "a word \u200b between words",
    ],
)
def test_what_is_ordinary(text: str) -> None:
    assert disguise_of(text) == []
    assert names(text).isdisjoint(DISGUISE)


def test_disguised_phrases_are_read_as_people_read_them() -> None:
    for text in ("so 𝗼𝗻𝗹𝗶𝗻𝗲 𝗰𝗮𝘀𝗶𝗻𝗼 here", "so 🄾🄽🄻🄸🄽🄴 🅲🅰🆂🅸🅽🅾 here"):
        assert ("trigger_phrase", 2.8, text[3:16]) in seen(text)
    assert ("trigger_phrase", 1.8, "c\u0430sino") in seen("so c\u0430sino it is")
    assert ("trigger_phrase", 1.8, "кaзино") in seen("хорошее кaзино рядом")


def test_small_capitals() -> None:
    [found] = disguise_of("so ᴏɴʟɪɴᴇ it is")
    assert (found.name, found.start, found.end) == ("fancy_letters", 3, 9)
