"""From the scores of a shield to those that a vendor's clients expect."""

import math

from ...models import SpamVerdict
from ...policy import Bands


def onto(verdict: SpamVerdict, bands: Bands | None) -> SpamVerdict:
    """A verdict whose score lies where the vendor's own thresholds would put it.

    A client of a vendor's may compare the score with the thresholds of the vendor's documents. Of
    the shield's, that would be wrong: one that calls spam what lies above 0.7 would see a score of
    0.8 pass for a doubtful one where the vendor says 0.9. So each of the three bands is stretched
    onto the vendor's, and the order of the scores is kept.

    Args:
        verdict: With a score, or without, which stays so.
        bands: The vendor's; `None`: it states none, and scores stay as they are.
    """
    if bands is None or verdict.score is None:
        return verdict
    own = (0.0, verdict.review_threshold, verdict.threshold, 1.0)
    theirs = (0.0, bands.review_threshold, bands.threshold, 1.0)
    band = ("ham", "suspicious", "spam").index(verdict.label)
    width = own[band + 1] - own[band]
    share = (verdict.score - own[band]) / width if width else 1.0
    score = theirs[band] + share * (theirs[band + 1] - theirs[band])
    lowest = math.nextafter(theirs[band], 1.0) if verdict.label == "spam" else theirs[band]
    highest = theirs[band + 1]
    if verdict.label == "ham":
        highest = math.nextafter(highest, 0.0)
    about = {
        "score": min(max(score, lowest), highest),
        "review_threshold": bands.review_threshold,
        "threshold": bands.threshold,
    }
    return verdict.model_copy(update=about)
