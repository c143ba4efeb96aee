import json
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastapi_spamshield.detectors.local.confusables import FLAG_LETTERS, SYMBOLS
from fastapi_spamshield.detectors.local.normalisation import lowered, normalised
from tests.detectors.local.test_fairness import SENTENCES

DATA = Path(__file__).parents[2] / "data"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Plain TEXT", "plain text"),
        ("so 𝗼𝗻𝗹𝗶𝗻𝗲 𝗰𝗮𝘀𝗶𝗻𝗼 here", "so online casino here"),
        ("🄾🄽🄻🄸🄽🄴 🅲🅰🆂🅸🅽🅾 ⓌⒾⓃ ⒲⒤⒩", "online casino win win"),
        ("ＣＡＳＩＮＯ ７", "casino 7"),
        ("ᴄᴀsɪɴᴏ", "casino"),
        ("so c\u0430sin\u043e it is", "so casino it is"),
        ("so c\u03b1sino it is", "so casino it is"),
        ("хорошее кaзино", "хорошее казино"),
        (
            "to win \u0441\u0430\u0440\u0435 today at a \u0455\u0440\u0430 there",
            "to win cape today at a spa there",
        ),
        ("ᏟᎪᏚᎥᏁᎾ to win", "casino to win"),
        ("gօօd ոight to you all", "good night to you all"),
        ("take via\u200bgra, c\u00ada\u00ads\u00adh", "take viagra, cash"),
        ("take vi\u034fa\ufe0fgra", "take viagra"),
        ("turn \u202ethis around", "turn this around"),
        ("nice\U000e0062\U000e0075\U000e0079 day", "nice day"),
        ("s\u0336t\u0336r\u0336i\u0336k\u0336e\u0336", "strike"),
        (
            "z\u0337\u031b\u034e\u0352a\u0338\u0355\u0352l\u0334\u0347\u0352g\u0335\u0352\u0353o",
            "zalgo",
        ),
        ("ćâśîñö here", "casino here"),
        ("cafe\u0301 au lait", "café au lait"),
        ("v1agra and c4$ino and fr33 and acc0unt", "viagra and casino and fr33 and account"),
        ("b u y v i a g r a now", "buyviagra now"),
        ("c.a.s.i.n.o or p-i-l-l-s", "casino or pills"),
        ("🇨 🇦 🇸 🇮 🇳 🇴", "casino"),
    ],
)
def test_it_reads_as_people_do(text: str, read: str) -> None:
    assert normalised(text).text == read


@pytest.mark.parametrize(
    "text",
    [
        *("plain", "обычный текст", "日本語", "SMSка", "Файл SMSки, IT-шник, PDFка и WiFi-роутер"),
        *("Приїхав до Києва, бiльше не поїду", "2×2 и а×б, 5µm и 10kΩ, Δx", "Donau\u00ad"),
        *("می\u200cخواهم کتاب\u200cها را", "क्\u200dष और श्री\u200dमान", "שלום \u200fעולם\u200f"),
        *(
            "👩\u200d👩\u200d👧\u200d👦 🏳️\u200d🌈 👨🏽\u200d💻",
            "🇩🇪🇫🇷🇯🇵 🆗",
            "¡Qué año, señor! Überraschung",
        ),
        *("příští žlutý kůň", "Wszyscy żądają źrebięcia", "ĞÜŞİÖÇ harfleri", "ƯỜNG VẬT VIỆT"),
        *("a b c are letters", "U.S.A. and e.g. and i.e.", "write to joe@home.example.org"),
        *("version 10.2, h264, 3pm", f"send to bc1q{'a1' * 18}", "https://x.example/?q=1&b=2"),
        *("Ваня", "сок", "Оса", "ᎪᎱᏍᏗ ᎤᏩᎾᏕᏍᎩ", "Երեկ մենք քայլեցինք"),
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f is England",
    ],
)
def test_what_is_ordinary_stays(text: str) -> None:
    assert normalised(text).text == normalised(text).lowered == lowered(text)


@pytest.mark.parametrize("script", sorted(SENTENCES.keys() - {"Mathematics", "Japanese"}))
def test_every_script_stays(script: str) -> None:
    assert normalised(SENTENCES[script]).text == lowered(SENTENCES[script])


def test_ham_of_forty_languages_stays() -> None:
    texts = [
        json.loads(line)["text"] for line in (DATA / "ham.jsonl").read_text("utf-8").splitlines()
    ]
    changed = [text for text in texts if normalised(text).text != lowered(text)]
    assert len(changed) <= 3


def test_places_lead_back() -> None:
    text = "take via\u200bgra and 𝗰.𝗮.𝘀.𝗵 now"
    read = normalised(text)
    assert read.text == "take viagra and cash now"
    for word, original in (("viagra", "via\u200bgra"), ("cash", "𝗰.𝗮.𝘀.𝗵"), ("now", "now")):
        start = read.text.index(word)
        first, last = read.original(start, start + len(word))
        assert text[first:last] == original


def test_where_nothing_moved_places_are_the_same() -> None:
    assert normalised("so c\u0430sino").original(3, 9) == (3, 9)


@given(st.text() | st.text("aаᎪ@0. -\u0336\u0301\u200b\u00ad🇨𝗮é\U000e0062", max_size=60))
def test_places_grow_and_lie_within(text: str) -> None:
    read = normalised(text)
    assert len(read.lowered) == len(text)
    assert len(read.text) <= len(text)
    if read.places is None:
        assert len(read.text) == len(text)
    else:
        places = read.places.tolist()
        assert len(places) == len(read.text)
        assert places == sorted(set(places))
        assert all(0 <= place < len(text) for place in places)


def test_a_symbol_stands_for_one_character() -> None:
    assert {len(plain) for plain in [*SYMBOLS.values(), *FLAG_LETTERS.values()]} == {1}
    assert (SYMBOLS[ord("𝟗")], SYMBOLS[ord("ⓩ")], SYMBOLS[ord("🄰")], SYMBOLS[ord("𝛼")]) == (
        "9",
        "z",
        "a",
        "α",
    )


def test_lowering_keeps_every_character_in_its_place() -> None:
    for code in range(sys.maxunicode + 1):
        assert len(lowered(chr(code))) == 1, hex(code)
    assert lowered("ΟΔΟΣ İI") == "οδος iı".replace("ı", "i")
