import pytest

from fastapi_spamshield import LocalDetector, Submission
from fastapi_spamshield.detectors.local.disposable import DISPOSABLE_DOMAINS, is_disposable
from tests.detectors.local.judging import names

TEXT = "I followed the guide yesterday and the second step failed."

KEPT = [
    *("gmail.com", "outlook.com", "yahoo.co.jp", "icloud.com", "proton.me", "tutanota.com"),
    *("qq.com", "163.com", "mail.ru", "yandex.ru", "web.de", "gmx.net", "orange.fr", "naver.com"),
    *("seznam.cz", "wp.pl", "libero.it", "uol.com.br", "rediffmail.com", "rambler.ru", "abv.bg"),
    # They hide an address and reach its owner for good.
    *("privaterelay.appleid.com", "mozmail.com", "duck.com", "simplelogin.com", "anonaddy.me"),
    # For people who want to be anonymous for good, or to be left alone by one company.
    *("riseup.net", "disroot.org", "posteo.de", "mailbox.org", "fastmail.com", "hey.com"),
    *("example.com", "university.example", "notmailinator.com", "mailinator.com.example"),
]


@pytest.mark.parametrize(
    "address",
    ["a@mailinator.com", "A.B@YOPMAIL.com", "a@x.y.mailinator.com", "a@guerrillamail.de."],
)
def test_an_address_that_nobody_keeps(address: str) -> None:
    assert names(TEXT, email=address) == {"disposable_email"}


@pytest.mark.parametrize("domain", KEPT)
def test_an_address_that_somebody_keeps(domain: str) -> None:
    assert names(TEXT, email=f"ada@{domain}") == set()


def test_the_list_can_be_longer_and_another() -> None:
    more = LocalDetector(disposable_domains=DISPOSABLE_DOMAINS | {"minutes.example"})
    none = LocalDetector(disposable_domains=frozenset())
    for detector, domain, expected in (
        (more, "minutes.example", True),
        (more, "yopmail.com", True),
        (none, "yopmail.com", False),
    ):
        submission = Submission(text=TEXT, email=f"ada@{domain}")
        found = {signal.name for signal in detector.judge(submission).signals}
        assert ("disposable_email" in found) == expected
    assert more != none
    assert hash(more) == hash(LocalDetector(disposable_domains=more.disposable_domains))


def test_the_list_is_well_formed() -> None:
    assert len(DISPOSABLE_DOMAINS) > 100
    for domain in DISPOSABLE_DOMAINS:
        assert domain == domain.strip().lower()
        assert domain.count(".") >= 1
        assert not is_disposable(f"a@{domain.rpartition('.')[2]}", DISPOSABLE_DOMAINS)
