# ruff: noqa: RUF001 - Letters of other alphabets are meant.
"""Sums of money and what is promised about them."""

import re
from collections.abc import Set as AbstractSet

from .finding import Finding, find_after, find_all, find_around, limited

_SIGN = "(?:[$€£₹₽₺¥]|r\\$|rp|rs)"
_NAME = (
    "(?:[$€£₹₽₺]|k|usd|eur|euros?|dollars?|pounds|bucks|руб(?:лей)?|тыс|грн|лв|zł|kč|kr|ft|lei|reais"
    "|dólares|jt|juta|rb|ribu|triệu|tl|rs|元|块|万|円|万円|만원|บาท)"
)
_AMOUNT = r"[^\S\n]?(?:\d{1,3}(?:[,.]\d{3}){1,4}|\d{3,9})"
_SIGNS = "$€£₹₽₺¥"
_MONEY = re.compile(rf"[{_SIGNS}]{_AMOUNT}")
_RUPIAH = re.compile(rf"r[ps](?<!\w..){_AMOUNT}")
_CURRENCY = re.compile(rf"(?:usd|eur|gbp){_AMOUNT}")
_CURRENCIES = frozenset(("usd", "eur", "gbp"))
_NUMBER = r"\d{1,9}(?:[.,\u00a0 ]\d{3}){0,3}(?:[.,]\d{1,2})?(?!\d)"
_EARNINGS = re.compile(
    # The sum: with its currency, or large enough to be one.
    rf"(?:{_SIGN}[^\S\n]?{_NUMBER}"
    rf"|(?<![\w.,])(?:{_NUMBER}[^\S\n]?{_NAME}|\d{{1,3}}(?:[., ]?\d{{3}}){{1,3}}))"
    # The time, in several languages.
    r"(?:[^\w\n]{0,2}/[^\w\n]?"
    r"|[^\w\n]{1,2}(?:a|per|each|every|в|за|на|al|por|par|pro|am|im|om|i)[^\w\n]{1,2})"
    r"(?:day|week|wk|month|hour|hr|день|сутки|неделю|месяц|час|d[ií]a|semana|m[eê]s|jour|semaine|mois"
    r"|giorno|settimana|mese|tag|woche|monat|stunde|dag|maand|dzień|tydzień|miesiąc|den|měsíc|hari"
    r"|minggu|bulan|ngày|tháng)\b"
    r"|(?:日入|日赚|月入|日給|月収|时薪|時給)[^\w\n]{0,2}\d"
)
_DIGIT = re.compile(r"\d")
_PERCENT = re.compile(
    r"\d\d{1,3}[^\S\n]?%[^\S\n]{0,2}(?:off|bonus|discount|free|roi|profit|guaranteed|daily|natural|safe"
    r"|legit|legal|cheaper|скид|бонус|descuento|desconto|gratis|rabatt|korting|indirim|diskon)"
)

_EARNED = Finding("earnings", 1.4, "So much money in so much time.")

TOTAL = 2.4
MONEY_TOTAL = 0.8


_PERIODS = frozenset(
    (
        *("day", "week", "wk", "month", "hour", "hr", "день", "сутки", "неделю", "месяц", "час"),
        *("dia", "día", "semana", "mes", "mês", "jour", "semaine", "mois", "giorno", "settimana"),
        *("mese", "tag", "woche", "monat", "stunde", "dag", "maand", "dzień", "tydzień", "miesiąc"),
        *("den", "měsíc", "hari", "minggu", "bulan", "ngày", "tháng"),
    )
)
_UNSPACED_PERIODS = ("日入", "日赚", "月入", "日給", "月収", "时薪", "時給")
_BEFORE = 48
"""How many characters before a period of time its sum begins at most."""


def find_money(low: str, vocabulary: AbstractSet[str], *, unspaced: bool = True) -> list[Finding]:
    """The sums in a text, and what is promised about them.

    Args:
        low: The text in lower case.
        vocabulary: Its words.
        unspaced: Whether it could hold words without spaces between them.
    """
    if unspaced and any(period in low for period in _UNSPACED_PERIODS):
        found = find_all(_EARNINGS, low, *_EARNED[:3])
    else:
        found = _earnings(low, vocabulary)
    if "%" in low:
        found += find_all(_PERCENT, low, "discount", 0.9, "A percentage as bait.")
    detail = "An amount of money."
    sums: list[Finding] = []
    if "$" in low or not low.isascii():
        sums += find_all(_MONEY, low, "money", 0.4, detail)
    sums += find_all(_RUPIAH, low, "money", 0.4, detail)
    named = Finding("money", 0.4, detail)
    sums += find_after(_CURRENCIES & vocabulary, _CURRENCY, low, named)
    return limited([*found, *limited(sums, MONEY_TOTAL, 3)], TOTAL, 4)


def _earnings(low: str, vocabulary: AbstractSet[str]) -> list[Finding]:
    # One character behind it tells whether the word ends there.
    periods = _PERIODS & vocabulary
    return find_around(periods, _EARNINGS, low, _EARNED, with_a=_DIGIT, before=_BEFORE, behind=1)
