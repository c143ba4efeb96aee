import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastapi_spamshield.detectors.local.names import is_another_name, link_in_name
from fastapi_spamshield.detectors.local.normalisation import lowered
from tests.detectors.local.judging import names

TEXT = "I followed the guide yesterday and the second step failed."

# Each as somebody could have typed it; none of them says anything about spam.
PEOPLE = [
    *("Anna", "J. R. R. Müller-Lüdenscheidt", "Dr.Link", "Prof. Dr. h.c. Ines Groß", "St.John"),
    *("U Win", "U.Win", "Aung.Win", "Daw Su", "K.Su", "T.Ly", "Nguyen.Ly", "M.Co", "J.Top"),
    *("Ng", "O", "Nguyễn Văn An", "Lý Thị Hồng", "Ỷ Lan", "Phạm.Thị.Mỹ.Linh"),
    *("İpek Işık", "Ayşe Ünal", "Þóra Jónsdóttir", "Bjørn Ødegård", "Łukasz Żółć", "Đỗ Mười"),
    *("Владимир Иванов", "В.Путин", "Олександра", "Γιώργος Παπαδόπουλος", "Армен", "დავით"),
    *("محمد علي", "ﷴ", "עדי כהן", "राहुल शर्मा", "সুমন", "ராஜேஷ்", "สมชาย", "ສົມຊາຍ", "ကိုကို"),
    *(
        "李雷",
        "王.小明",
        "たなか さくら",
        "김철수",
        "阿里巴巴 店长",
        "Mary-Jane O'Neill",
        "d'Artagnan",
    ),
    *("anna_1987", "xX_Dragon_Xx", "user.name", "The Lamp Shop", "3M", "AC/DC fan", "Jean.Marc"),
    *("María José", "João d'Ávila", "Siân Prys", "Ngũgĩ wa Thiong'o", "Kwame.A.", "J.Ru", "Li.Me"),
    *("Rev. Al Bet", "Sinéad.Live", "a.b.c", "Mr. T.", "John Smith, Jr.", "E.T.", "Sü.Ly"),
]


@pytest.mark.parametrize("author", PEOPLE)
def test_nobodys_name_is_a_link(author: str) -> None:
    assert names(TEXT, author=author) == set()


@pytest.mark.parametrize(
    "author",
    [
        *("Buy at shop.example", "casino.com", "www.u.win", "https://u.win", "u.win/bonus"),
        *("best-casino.win", "casino7.top", "http://a", "lamps.shop", "WWW.Shop.Example"),
    ],
)
def test_a_link_is(author: str) -> None:
    assert "url_in_name" in names(TEXT, author=author)


def test_a_link_beside_a_name() -> None:
    low = "dr.link from casino.com"
    link = link_in_name(low)
    assert link is not None
    assert low[link.start : link.end] == "casino.com"


@pytest.mark.parametrize(
    ("author", "email"),
    [
        ("Maria Garcia", "john.smith@mail.example"),
        ("Dr. María García-López", "John_Smith@mail.example"),
        ("Robert T. Miller", "jennifer.w.davis@mail.example"),
        ("Olga Petrova", "michael-brown@mail.example"),
    ],
)
def test_an_address_of_another_name(author: str, email: str) -> None:
    assert names(TEXT, author=author, email=email) == {"name_mismatch"}


@pytest.mark.parametrize(
    ("author", "email"),
    [
        # The same name, written otherwise.
        ("Jürgen Müller", "juergen.mueller@mail.example"),
        ("Jürgen Müller", "jurgen.muller@mail.example"),
        ("Bjørn Ødegård", "bjorn.odegaard@mail.example"),
        ("Ayşe Yılmaz", "ayse.yilmaz@mail.example"),
        ("Łukasz Wójcik", "lukasz.wojcik@mail.example"),
        ("José Núñez", "jose.nunez@mail.example"),
        ("Nguyễn Văn Thomas", "thomas.nguyen@mail.example"),
        ("Alexandra Ivanova", "sasha.ivanova@mail.example"),
        ("Bill Clinton", "william.clinton@mail.example"),
        ("Robert Miller", "r.miller@mail.example"),
        ("Robert Miller", "m.robert@mail.example"),
        ("Elizabeth Smith", "elizabeth.jones@mail.example"),
        ("Daniel K.", "karen.d@mail.example"),
        ("Alexandra Popova", "alexander.smirnov@mail.example"),
        # A family, an office, a nickname.
        ("Maria Lopez", "john.lopez@mail.example"),
        ("Maria Lopez", "info.office@mail.example"),
        ("Maria Lopez", "blue.garden@mail.example"),
        ("Maria Lopez", "john@mail.example"),
        ("Maria Lopez", "johnsmith@mail.example"),
        ("Maria Lopez", "john.smith87@mail.example"),
        ("Maria Lopez", "the.lamp.shop@mail.example"),
        # No two parts, or in other letters than those of addresses.
        ("Maria", "john.smith@mail.example"),
        ("lamp fan", "john.smith@mail.example"),
        ("Владимир Иванов", "john.smith@mail.example"),
        ("Мария Lopez", "john.smith@mail.example"),
        ("محمد علي", "john.smith@mail.example"),
        ("李 雷", "john.smith@mail.example"),
        ("राहुल शर्मा", "john.smith@mail.example"),
        ("Γιώργος Παπαδόπουλος", "john.smith@mail.example"),
        ("김 철수", "david.kim@mail.example"),
        ("Zhang Wei", "david.zhang@mail.example"),
        ("Chidi Okafor", "john.smith@mail.example"),
        ("", "john.smith@mail.example"),
    ],
)
def test_an_address_that_may_well_be_theirs(author: str, email: str) -> None:
    assert names(TEXT, author=author, email=email) == set()


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_name_and_any_address_can_be_compared(author: str, email: str) -> None:
    assert is_another_name(lowered(author), lowered(email)) in (True, False)


@given(st.lists(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=9), min_size=2))
def test_nobody_is_another_than_themselves(parts: list[str]) -> None:
    assert not is_another_name(" ".join(parts[:8]), f"{'.'.join(parts)}@mail.example")


def test_a_long_name_is_no_work() -> None:
    author = "maria " * 150
    assert is_another_name(author, f"{'john.' * 12}smith@mail.example")
