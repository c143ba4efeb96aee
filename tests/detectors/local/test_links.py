import pytest

from fastapi_spamshield.detectors.local.links import (
    MANY_TOTAL,
    find_addresses,
    find_links,
    links_of,
)
from tests.detectors.local.judging import names, seen

PROSE = "I followed the guide at {} yesterday, and the second step failed on my machine."


@pytest.mark.parametrize(
    "link",
    [
        "https://docs.example.org/guide?page=2#top",
        "http://localhost:8000/docs",
        "http://127.0.0.1:8000/docs",
        "http://192.168.1.20/admin",
        "http://172.16.0.9/",
        "www.example.com",
        "example.com/guide",
        "https://user-guide.example.org/",
    ],
)
def test_one_link_in_prose_says_nothing(link: str) -> None:
    assert names(PROSE.format(link)) == set()
    assert len(links_of(PROSE.format(link))) == 1


@pytest.mark.parametrize(
    ("link", "name", "weight"),
    [
        ("https://paypal.com@evil.example/login", "url_login", 2.0),
        ("http://8.8.8.8/x", "ip_host", 1.2),
        ("https://bit.ly/3abcd", "shortener", 1.2),
        ("tinyurl.com/3abcd", "shortener", 1.2),
        ("https://xn--80ak6aa92e.com/", "punycode", 0.8),
    ],
)
def test_a_link_that_hides_something(link: str, name: str, weight: float) -> None:
    assert seen(PROSE.format(link)) == [(name, weight, link)]


def test_every_further_link_counts_one_to_another_host_more() -> None:
    text = PROSE.format("https://a.example/1 https://b.example/2 https://a.example/3")
    assert seen(text) == [
        ("many_urls", 0.4, "https://b.example/2"),
        ("many_urls", 0.15, "https://a.example/3"),
    ]


def test_many_links_are_limited() -> None:
    low = " and then ".join(f"https://host{n}.example/" for n in range(50))
    found = find_links(low, links_of(low))
    many = [finding for finding in found if finding.name == "many_urls"]
    assert sum(finding.weight for finding in many) == pytest.approx(MANY_TOTAL)
    assert {finding.detail for finding in many} == {"50 links."}


def test_hidden_hosts_are_limited() -> None:
    low = " and then ".join(f"https://x@8.8.8.{n}/" for n in range(9))
    found = find_links(low, links_of(low))
    assert sum(f.weight for f in found if f.name != "many_urls") == pytest.approx(3.0)


def test_a_link_and_little_else() -> None:
    assert seen("look https://a.example/b") == [
        ("mostly_links", 0.7, "https://a.example/b"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "e.g. this, i.e. that. And so on... v1.2.3",
        "self.client.get(url) and pattern.test(text)",
        "Ваня.ru-ребята сказали",
        "main.py, setup.cfg and index.html",
        "http:// and https:// are schemes",
        "no dots",
        "mail me@company.example, please",
    ],
)
def test_what_is_no_link(text: str) -> None:
    assert links_of(text) == []
    assert names(text) == set()


def test_a_link_without_a_host_is_none() -> None:
    assert links_of("see http:/// for more on this, and the rest of it http://?") == []


def test_addresses() -> None:
    text = "write to a.b+c@mail.example.org or to d@e.example."
    assert [text[start:end] for start, end in find_addresses(text)] == [
        "a.b+c@mail.example.org",
        "d@e.example",
    ]
    assert find_addresses("nobody") == []
