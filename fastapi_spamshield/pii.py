"""Personal data in a text: e-mail addresses, phone numbers, IBANs, cards, US SSNs, IP addresses.

Every pattern starts at a place where nothing of its kind stands before, and reads a bounded number
of characters or never goes back, so that any text is read in time linear in its length.
"""

import re
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from typing import Literal, NamedTuple

PiiType = Literal["email", "phone", "iban", "card", "ssn", "ip"]

_DIGIT = re.compile(r"\d")

_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}+@(?:[\w-]{1,63}+\.){1,8}[^\W\d_]{2,63}+(?![\w-])")

# ISO 13616: country, two check digits, up to 30 more, usually in groups of four.
_IBAN = re.compile(r"(?<!\w)[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){11,30}")
_IBAN_LENGTHS = range(15, 35)

# ISO/IEC 7812: up to 19 digits, in groups or not, with a check digit.
_CARD = re.compile(r"(?<![\w+])(?<!\d[ -])\d(?:[ -]?\d){12,18}(?![ -]?\d)(?!\w)")

_SSN = re.compile(
    r"(?<![\w-])(?!000|666|9)\d{3}(?P<gap>[- ])(?!00)\d{2}(?P=gap)(?!0000)\d{4}(?![\w-])"
)

_IPV4 = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?!\.?\w)")
_IPV6 = re.compile(r"(?<![\w:.])(?=[0-9A-Fa-f]{0,4}:)[0-9A-Fa-f:]{3,39}+(?![\w:])")

# ITU-T E.164: at most 15 digits. With + or 00 in front; else national with its 0, or in the North
# American groups. A plain run of digits without any of these is more often an order number.
_PHONE = re.compile(
    r"""
    (?<![\w+./-])(?:
        (?:\+|00[ ]?(?=[1-9]))\d(?:[ ()./-]{0,2}\d){6,14}
      | (?:\+?1[ .-])?(?:\([2-9]\d{2}\)[ ]?|[2-9]\d{2}[ .-])[2-9]\d{2}[ .-]\d{4}
      | (?!\d{1,2}(?P<gap>[./-])\d{1,2}(?P=gap)\d{2,4})  # no date
        (?:\(0[1-9]\d{0,4}\)|0[1-9]\d{0,4})[ ./-]{0,3}\d(?:[ ./-]?\d){4,9}
    )(?![./-]?\d)(?!\w)
    """,
    re.VERBOSE,
)


class Found(NamedTuple):
    """A piece of personal data.

    Attributes:
        type: What it is.
        start: Its first character.
        end: One past its last.
    """

    type: PiiType
    start: int
    end: int


def find_pii(text: str) -> tuple[Found, ...]:
    """Personal data in a text, in order, none within another.

    Args:
        text: Any text.
    """
    found: list[Found] = []
    for one in sorted(_candidates(text), key=lambda one: (one.start, -one.end)):
        if not found or one.start >= found[-1].end:
            found.append(one)
    return tuple(found)


def _candidates(text: str) -> Iterator[Found]:
    has_digits = _DIGIT.search(text) is not None
    for kind, pattern, length_of in _KINDS:
        if has_digits if kind != "email" else "@" in text:
            for match in pattern.finditer(text):
                length = length_of(match[0])
                if length:
                    yield Found(kind, match.start(), match.start() + length)


def _iban_length(candidate: str) -> int:
    # The next words may look like further groups: the longest part with right check digits counts.
    best = length = remainder = 0
    head = candidate[:4].upper()
    check = "".join(str(int(character, 36)) for character in head)
    for end, character in enumerate(candidate, 1):
        if not character.isalnum():
            continue
        length += 1
        if length <= len(head):
            continue
        value = int(character, 36)
        remainder = (remainder * (10 if value < 10 else 100) + value) % 97  # noqa: PLR2004 - ISO 7064
        whole = end == len(candidate) or not candidate[end].isalnum()
        if whole and length in _IBAN_LENGTHS and int(f"{remainder}{check}") % 97 == 1:
            best = end
    return best


def _card_length(number: str) -> int:
    # Source of the formula: ISO/IEC 7812-1, annex B.
    digits = [int(character) for character in reversed(number) if character.isdigit()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    valid = any(digits) and (sum(digits[::2]) + sum(doubled)) % 10 == 0
    return len(number) if valid else 0


def _address_length(candidate: str) -> int:
    try:
        ip_address(candidate)
    except ValueError:
        return 0
    return len(candidate)


# A pattern finds candidates, a function says how many characters of one it is, 0 for none.
_KINDS: tuple[tuple[PiiType, re.Pattern[str], Callable[[str], int]], ...] = (
    ("email", _EMAIL, len),
    ("iban", _IBAN, _iban_length),
    ("card", _CARD, _card_length),
    ("ssn", _SSN, len),
    ("ip", _IPV4, _address_length),
    ("ip", _IPV6, _address_length),
    ("phone", _PHONE, len),
)
