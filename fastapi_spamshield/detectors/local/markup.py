"""Markup that people do not write into a form: link tags, forum codes, templates left unspun."""

import re

from .finding import Finding, find_all, limited

_BBCODE = re.compile(r"\[(?:url|link|img)[=\]]")
_ANCHOR = re.compile(r"<a[^\S\n]{1,20}href")
_SPINTAX = re.compile(r"\{[^{}|\n]{1,60}(?:\|[^{}|\n]{0,60}){1,20}\}")

TOTAL = 4.0


def find_markup(low: str) -> list[Finding]:
    """The markup in a text.

    Args:
        low: The text in lower case.
    """
    found: list[Finding] = []
    if "[" in low:
        found += find_all(_BBCODE, low, "bbcode", 2.5, "A link in forum code.")
    if "<" in low:
        found += find_all(_ANCHOR, low, "html_link", 2.0, "A link in HTML.")
    if "|" in low:
        templates = [match.span() for match in _SPINTAX.finditer(low)]
        weight = 2.0 if len(templates) > 1 else 1.0
        found += [
            Finding("template", weight, "A choice of words that was never made.", *span)
            for span in templates
        ]
    return limited(found, TOTAL, 6)
