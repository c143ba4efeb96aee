"""From what was read to what it weighs."""

import math
from typing import Final, NamedTuple

from ..trace import Trace
from .curve import PRIOR
from .explanation import telling_words
from .features import digest_of, distinct, packed, sorted_grams
from .finding import Finding
from .links import masks_of
from .model import Model
from .ngrams import Buckets, buckets_of, coded
from .reading import Reading

MOST_SIGNALS: Final = 40
WORTH_EXPLAINING: Final = 1.5
"""Below this weight the words of a text are not told apart: nobody asks why it is ham."""

SHARPNESS: Final = 3.0
LEAST: Final = 0.005
"""A named signal that weighs less is not shown by itself."""

_TELLING = "Words that are usual in spam."
_REST = "The rest of the wording."
_ORDINARY = "The rest of the wording speaks for an ordinary message."
_LEARNED_SPAM = "Moderators called such texts spam."
_LEARNED_HAM = "Moderators called such texts no spam."


class Evidence(NamedTuple):
    """What a text weighs.

    Attributes:
        weight: Above 0; on the scale of `score_of`.
        findings: What it consists of: their weights add up to it.
    """

    weight: float
    findings: list[Finding]


def weigh(reading: Reading, model: Model, trace: Trace | None = None) -> Evidence:
    """What a text weighs by itself.

    The log-odds `x` become the weight `ln(1 + e^(3 (4 + x))) / 3`. Where the text speaks for spam,
    that is nearly `4 + x`, thus the same probability on the curve of `score_of`. Where it does not,
    it is nearly 0: an innocent text never outweighs what is known beside it.

    Args:
        reading: Of the text.
        model: What the wording says.
        trace: Of the check: what the application was taught is added, and what was read is noted.
    """
    low = reading.normal.text
    text = coded(low, masks_of(low, reading.links))
    buckets = buckets_of(text.codes)
    named = [
        finding.weighing(finding.weight * model.factors.get(finding.name, 1.0))
        for finding in reading.findings
    ]
    named.sort(key=lambda finding: -finding.weight)
    wording = model.wording(buckets)
    log_odds = model.bias + wording.log_odds + math.fsum([finding.weight for finding in named])
    learned = _learned(low, len(text.codes), buckets, trace) if trace else 0.0
    weight = _above_zero(PRIOR + log_odds + learned)
    shown = [finding for finding in named[:MOST_SIGNALS] if finding.weight >= LEAST]
    if weight >= WORTH_EXPLAINING:
        shown += [
            Finding("wording", added, _TELLING, *reading.normal.original(start, end))
            for start, end, added in telling_words(low, text, wording.parts())
        ]
    if learned:
        detail = _LEARNED_SPAM if learned > 0 else _LEARNED_HAM
        shown.append(Finding("learned", learned, detail))
    rest = weight - math.fsum([finding.weight for finding in shown])
    shown.append(Finding("wording", rest, _REST if rest > 0 else _ORDINARY))
    return Evidence(weight, shown)


def _learned(low: str, characters: int, buckets: Buckets, trace: Trace) -> float:
    if not (trace.wanted or trace.corrections):
        return 0.0
    digest, grams = digest_of(low), sorted_grams(buckets, characters)
    if trace.wanted:
        trace.features = packed(digest, grams)
    return trace.corrections.shift(digest, distinct(grams)) if trace.corrections else 0.0


def _above_zero(x: float) -> float:
    return max(x, 0.0) + math.log1p(math.exp(-SHARPNESS * abs(x))) / SHARPNESS
