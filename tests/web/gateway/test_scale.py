from hypothesis import given
from hypothesis import strategies as st

from fastapi_spamshield import Detection, SpamPolicy
from fastapi_spamshield.dialects.base import up_from
from fastapi_spamshield.policy import Bands
from fastapi_spamshield.web.gateway.scale import onto

VENDORS = (up_from(0.5, 0.85), Bands(0.4, 0.8), Bands(0.7, 0.9), Bands(0.3, 0.7))
SCORES = st.floats(0, 1)
POLICIES = (
    st.tuples(SCORES, SCORES)
    .map(sorted)
    .map(lambda pair: SpamPolicy(review_threshold=pair[0], threshold=pair[1]))
)


@given(
    policy=POLICIES, scores=st.tuples(SCORES, SCORES).map(sorted), bands=st.sampled_from(VENDORS)
)
def test_a_vendors_thresholds_say_what_the_policy_says(
    policy: SpamPolicy, scores: list[float], bands: Bands
) -> None:
    theirs = SpamPolicy(review_threshold=bands.review_threshold, threshold=bands.threshold)
    found = [onto(policy.judge(Detection(score=score)), bands) for score in scores]
    for verdict in found:
        assert theirs.decide(verdict.score).label == verdict.label
    lower, higher = (verdict.score for verdict in found)
    assert lower is not None
    assert higher is not None
    assert 0 <= lower <= higher <= 1


def test_the_ends_and_the_thresholds_stay_what_they_are() -> None:
    policy, bands = SpamPolicy(), Bands(0.4, 0.8)
    found = [onto(policy.judge(Detection(score=score)), bands).score for score in (0, 0.3, 0.7, 1)]
    assert found == [0, 0.4, 0.8, 1]


def test_without_bands_or_a_score_nothing_changes() -> None:
    verdict = SpamPolicy().judge(Detection(score=0.5))
    assert onto(verdict, None) is verdict
    unmeasured = SpamPolicy().without_score("degraded", error="timeout")
    assert onto(unmeasured, Bands(0.4, 0.8)) is unmeasured
