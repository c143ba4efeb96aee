"""The page of the documentation about the vendors, made of what their dialects say of them.

`python -m tests.vendors` writes it; a test demands that it is current.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from fastapi_spamshield.dialects.activelayer import ActiveLayer
from fastapi_spamshield.dialects.akismet import Akismet
from fastapi_spamshield.dialects.base import Dialect, Facts
from fastapi_spamshield.dialects.cleantalk import CleanTalk
from fastapi_spamshield.dialects.oopspam import OOPSpam
from fastapi_spamshield.dialects.rsflowhub import RSFlowHub
from fastapi_spamshield.dialects.siftfy import SiftFy
from fastapi_spamshield.dialects.stopforumspam import StopForumSpam
from fastapi_spamshield.dialects.toolkitapi import ToolkitAPI

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "vendors.md"
INTRODUCTION = """\
# Vendors

<!-- Written by `python -m tests.vendors`. Change the dialects instead. -->

What each vendor's documents say; a dash means that they do not. The timeout is one that a known
client of the vendor has, or 10 seconds. `GenericJson` has the figures that you give it.

A text that is longer than a vendor takes is cut to its head, its middle and its tail, and the
verdict says so.
An address or an e-mail leaves your machine only if you list it, and an address that is not one of
the public internet never does.
"""

VENDORS: dict[str, Dialect] = {
    "SiftFy": SiftFy(),
    'SiftFy, `api="analyze"`': SiftFy(api="analyze"),
    "ActiveLayer": ActiveLayer(),
    "ToolkitAPI": ToolkitAPI(),
    "RSFlowHub": RSFlowHub(),
    "Akismet": Akismet(blog="https://site.example"),
    "OOPSpam": OOPSpam(),
    "CleanTalk": CleanTalk(),
    "StopForumSpam": StopForumSpam(),
}


def number(value: float | None, unit: str = "") -> str:
    """A figure of a table; a dash where there is none."""
    return "–" if value is None else f"{value:,.10g}{unit}"


def bands(facts: Facts) -> tuple[str, str]:
    """From where on to review, and what is spam."""
    if facts.bands is None:
        return "–", "–"
    review, spam = facts.bands
    edge = round(spam, 6)
    return f"from {review:.3g}", f"above {edge:.3g}" if edge == spam else f"from {edge:.3g}"


def fields(names: Iterable[str]) -> str:
    """Names of fields in a table."""
    return ", ".join(f"`{name}`" for name in names) or "–"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table in Markdown."""
    columns = list(head)
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def limits() -> str:
    """Thresholds and limits."""
    edges = "Review", "Spam"
    sizes = "Characters", "Body", "A minute", "A month, free", "Timeout"
    rows = (
        (
            title,
            *bands(facts),
            number(facts.characters),
            number(facts.body_bytes, " bytes"),
            number(facts.per_minute),
            number(facts.per_month),
            number(facts.timeout, " s"),
        )
        for title, facts in every()
    )
    return table(("Vendor", *edges, *sizes), rows)


def every() -> Iterator[tuple[str, Facts]]:
    """Each vendor's name and facts."""
    return ((title, dialect.facts) for title, dialect in VENDORS.items())


def data() -> str:
    """What is sent."""
    head = "Vendor", "Base URL", "Key", "Understands", "Needs"
    rows = (
        (
            title,
            f"`{facts.base_url}`",
            "yes" if facts.needs_key else "no",
            fields(facts.sends),
            needs(facts),
        )
        for title, facts in every()
    )
    return table(head, rows)


def needs(facts: Facts) -> str:
    """What it can't do without."""
    if facts.needs_one_of:
        return f"one of {fields(facts.needs_one_of)}"
    return fields(facts.needs)


def unknown() -> str:
    """What the documents leave open."""
    parts = (
        f"**{title}**\n\n" + "".join(f"- {sentence}\n" for sentence in facts.unknown)
        for title, facts in every()
    )
    return "\n".join(parts)


def abilities() -> str:
    """What can be asked besides a check, read off the dialects themselves."""
    asked = {"Feedback": "feedback", "Key": "verify", "Usage": "usage", "Batch": "check_many"}
    rows = (
        (title, *("yes" if hasattr(dialect, name) else "–" for name in asked.values()))
        for title, dialect in VENDORS.items()
    )
    return table(("Vendor", *asked), rows)


def page() -> str:
    """The whole page."""
    parts = [
        INTRODUCTION,
        "## Thresholds and limits\n",
        limits(),
        "## What is sent\n",
        data(),
        "## What can be asked besides a check\n",
        abilities(),
        "## What their documents leave open\n",
        unknown(),
    ]
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
