"""What two findings say together that neither says alone."""

from collections.abc import Iterable

from .finding import Finding
from .phrases import WEAK

WEIGHT = 0.8


def find_combination(offers: Iterable[Finding], *, reachable: bool) -> list[Finding]:
    """An offer beside a way to take it up: where both stand, each is less likely by chance.

    Args:
        offers: Phrases and sums of money.
        reachable: Whether the text holds a link or another way to get in touch.
    """
    if not reachable:
        return []
    heaviest = max(offers, key=lambda finding: finding.weight, default=None)
    if heaviest is None or (heaviest.weight <= WEAK and heaviest.name != "praise"):
        return []
    detail = "An offer and a link or a contact together."
    return [
        Finding("offer_with_contact", WEIGHT, detail, heaviest.start, heaviest.end, heaviest.field)
    ]
