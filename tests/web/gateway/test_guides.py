"""What the vendors' guides show: their calls, their headers, the shape of their answers."""

import json
import shutil
import subprocess
from typing import Any

import httpx
import pytest

from tests.support import SPAM, Keyword
from tests.web.gateway.asking import BEARER, KEY, X_API_KEY, Corrections

TOOLKIT = "/v1/auth/spam-score"
RSFLOWHUB = "/api/v1/ai/spam-detection"


def analyze_content(
    base: str, text: str, ip_address: str | None = None, user_agent: str | None = None
) -> dict[str, Any]:
    """What SiftFy's guide does, which takes every failure for ham."""
    try:
        response = httpx.post(
            f"{base}/v1/analyze",
            json={"text": text, "metadata": {"ip_address": ip_address, "user_agent": user_agent}},
            headers={"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"},
            timeout=10,
        )
        response.raise_for_status()
        found: dict[str, Any] = response.json()
    except httpx.HTTPError as error:
        return {"is_spam": False, "score": 0.0, "confidence": 1.0, "error": str(error)}
    return found


def test_siftfys_helper(url: str, detector: Keyword) -> None:
    spam = analyze_content(url, SPAM, "203.0.113.9", "Mozilla/5.0")
    assert (detector.seen[0].ip, detector.seen[0].user_agent) == ("203.0.113.9", "Mozilla/5.0")
    assert spam["is_spam"] is True
    assert spam["score"] > 0.8
    assert spam["classification"] == "spam"
    ham = analyze_content(url, "Good evening")
    assert ham["is_spam"] is False
    assert ham["score"] < 0.4
    assert set(ham) == {"is_spam", "score", "confidence", "classification", "details"}
    assert detector.seen[1].ip is None


def test_toolkitapis_calls(url: str, open_url: str, detector: Keyword) -> None:
    message = {"body": SPAM, "email": "x@example.test", "honeypot": "", "elapsed_seconds": 1.4}
    keyed = httpx.post(f"{url}{TOOLKIT}", json=message, headers=BEARER)
    unkeyed = httpx.post(f"{open_url}{TOOLKIT}", json=message)
    for response in (
        keyed,
        unkeyed,
        httpx.post(f"{url}{TOOLKIT}", json=message, headers=X_API_KEY),
    ):
        found = response.json()
        assert set(found) == {"score", "verdict", "signals", "total_weight"}
        assert (found["score"] > 0.7, found["verdict"]) == (True, "spam")
    assert detector.seen[0].elapsed == 1.4
    refused = httpx.post(f"{url}{TOOLKIT}", json=message)
    assert refused.status_code == 401
    assert refused.json() == {"detail": "Invalid or missing API key"}


def test_rsflowhubs_calls(url: str, detector: Keyword) -> None:
    body = {
        "text": "Call me at 555-010-0000 for a FREE coin",
        "content_type": "blog_comment",
        "strictness": "high",
        "detect_toxicity": True,
        "detect_pii": True,
        "return_sanitized": True,
    }
    found = httpx.post(f"{url}{RSFLOWHUB}", json=body, headers=BEARER).json()
    assert set(found) == {"success", "request_id", "data", "meta"}
    result = found["data"]["result"]
    assert {"is_spam", "spam_score", "spam_category", "reason", "pii_types"} <= set(result)
    assert detector.seen[0].kind == "comment"
    with_key_inside = httpx.post(f"{url}{RSFLOWHUB}", json={**body, "api_key": KEY})
    assert with_key_inside.json()["success"] is True
    usage = httpx.get(f"{url}/api/v1/account/usage", headers=BEARER).json()
    assert usage == {
        "success": True,
        "data": {"billing_mode": "credits", "credits_remaining": None},
    }
    missing = httpx.post(f"{url}{RSFLOWHUB}", json=body)
    assert missing.status_code == 401
    assert missing.json()["error"]["code"] == "API_KEY_MISSING"
    too_long = httpx.post(f"{url}{RSFLOWHUB}", json={"text": "a" * 5_001}, headers=BEARER)
    assert too_long.status_code == 422
    assert list(too_long.json()["error"]["details"]) == ["text"]
    unknown = httpx.post(f"{url}/api/v1/ai/nothing", json=body, headers=BEARER)
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "ENDPOINT_NOT_FOUND")
    method = httpx.get(f"{url}{RSFLOWHUB}", headers=BEARER)
    assert (method.status_code, method.json()["error"]["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert method.headers["allow"] == "POST"
    media = httpx.post(f"{url}{RSFLOWHUB}", data={"text": "a"}, headers=BEARER)
    assert (media.status_code, media.json()["error"]["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")


def test_strictness_chooses_the_thresholds(url: str) -> None:
    def spam(text: str, **body: Any) -> bool:
        asked = httpx.post(f"{url}{RSFLOWHUB}", json={"text": text, **body}, headers=BEARER)
        found: bool = asked.json()["data"]["result"]["is_spam"]
        return found

    assert spam("SPAM")
    assert spam("SPAM", strictness="low")
    assert not spam("MAYBE", strictness="low")
    assert not spam("MAYBE")


def test_activelayers_calls(url: str, detector: Keyword, corrections: Corrections) -> None:
    base = f"{url}/api/v1"
    message = {"message": SPAM, "email": "kari@example.test", "name": "Kari", "ip": "203.0.113.9"}
    spam = httpx.post(f"{base}/check", json=message, headers=BEARER).json()
    assert spam["is_spam"] is True
    assert spam["total_score"] > 90
    comment = {"message": "Good evening", "data_type": "comment"}
    ham = httpx.post(f"{base}/check-comment", json=comment, headers=X_API_KEY).json()
    assert (ham["is_spam"], ham["total_score"] < 70) == (False, True)
    several = httpx.post(f"{base}/check/batch", json={"items": [message, comment]}, headers=BEARER)
    first, second = several.json()["results"]
    assert (first["is_spam"], second["is_spam"]) == (True, False)
    assert httpx.get(f"{base}/verify", headers=X_API_KEY).json() == {"success": True}
    assert httpx.get(f"{base}/stats?api_key={KEY}").json()["data"]["usage"] == {
        "total_requests": 1000,
        "used_requests": 4,
        "remaining_requests": 996,
    }
    for judged in (spam, first):
        correction = {"detection_id": judged["detection_id"], "is_spam": False}
        thanks = httpx.post(f"{base}/feedback", json=correction, headers=BEARER)
        assert (thanks.status_code, list(thanks.json())) == (200, ["message"])
        [(verdict_id, submission, as_spam)] = corrections
        corrections.clear()
        assert (verdict_id, as_spam) == (judged["detection_id"], False)
        assert (submission.text, submission.author) == (SPAM, "Kari")
    unknown = {"detection_id": "0123456789abcdef", "is_spam": True}
    refused = httpx.post(f"{base}/feedback", json=unknown, headers=BEARER)
    assert (refused.status_code, refused.json()) == (404, {"success": False, "error": "Not Found"})
    assert httpx.get(f"{base}/verify", headers={"X-API-Key": "wrong"}).status_code == 401


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
def test_the_same_with_curl(url: str) -> None:
    def curl(path: str, body: object, *more: str) -> Any:
        command = ["curl", "-sS", "-X", "POST", f"{url}{path}", "-d", json.dumps(body)]
        command += ["-H", f"Authorization: Bearer {KEY}", "-H", "Content-Type: application/json"]
        done = subprocess.run([*command, *more], capture_output=True, check=True)
        return json.loads(done.stdout)

    assert curl(TOOLKIT, {"body": SPAM})["verdict"] == "spam"
    assert curl(RSFLOWHUB, {"text": SPAM})["data"]["result"]["is_spam"] is True
    assert curl("/api/v1/check", {"message": SPAM})["is_spam"] is True
    chunked = curl("/v1/predict", {"text": SPAM}, "-H", "Transfer-Encoding: chunked")
    assert chunked["likelihood"] == "high"
