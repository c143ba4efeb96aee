"""Akismet: forms in, one word of plain text out, and the rest in headers.

It gives no score: one is made of its word (0 ham, 0.9 spam, 1 blatant spam), and `raw` says so.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import urlsplit

from ..errors import ConfigurationError, DetectorError, ErrorCode
from ..models import Detection, SpamVerdict, Submission
from . import reading, sending, serving
from .base import Answer, Asked, Call, Facts, Usage
from .reading import Wire

CHECK, VERIFY = "/1.1/comment-check", "/1.1/verify-key"
SPAM, HAM = "/1.1/submit-spam", "/1.1/submit-ham"
USAGE, SITES = "/1.2/usage-limit", "/1.2/key-sites"
THANKS = "Thanks for making the web a better place."
BLATANT = 0.99

_FACTS = Facts(
    base_url="https://rest.akismet.com",
    timeout=3.0,
    sends=(
        *("ip", "user_agent", "referrer", "permalink", "kind", "author", "email", "url"),
        *("text", "honeypot", "event", "extra"),
    ),
    needs=("ip",),
    unknown=(
        "What the answer is once a limit is passed for good; its alert codes are looked at.",
        "How long the fields may be.",
    ),
)
_FIELDS = {
    "ip": "user_ip",
    "user_agent": "user_agent",
    "referrer": "referrer",
    "permalink": "permalink",
    "author": "comment_author",
    "email": "comment_author_email",
    "url": "comment_author_url",
    "text": "comment_content",
}
_KINDS = {"contact": "contact-form", "forum": "forum-post", "post": "blog-post", "chat": "message"}
_ACCOUNT = {
    *("api_key", "key", "blog", "blog_lang", "blog_charset"),
    *("is_test", "recheck_reason", "user_role"),
}
_GUARANTEED = ("akismet-guaranteed-spam", "akismet-guaranteed-spam@example.com")
"""An author and an e-mail with which tests of a client get `true`."""
_OVER_LIMIT = ("10501", "10502", "10504", "10508", "10516")
_COLUMNS = ("site", "api_calls", "spam", "ham", "missed_spam", "false_positives")
_OLD_HOST = re.compile(r"([0-9a-z]{12})\.rest\.")


class _Usage(Wire):
    limit: float | str | None = None
    usage: float | None = None


@dataclass(frozen=True, kw_only=True)
class Akismet:
    """Akismet. It can't judge without the sender's address.

    Entries of `Submission.extra` whose names are not taken go along as fields of the form.

    Attributes:
        blog: The site's front page, with its scheme.
        honeypot_field: The name under which the form's honeypot is sent.
        blog_lang: Languages of the site, separated by commas.
        is_test: Nothing is learned from what is sent.
        name: In verdicts and signals.

    Raises:
        ConfigurationError: `blog` has no scheme, or `honeypot_field` is a name of Akismet's own.
    """

    blog: str
    honeypot_field: str = "spamshield_website"
    blog_lang: str | None = None
    is_test: bool = False
    name: str = "akismet"

    def __post_init__(self) -> None:
        if self.honeypot_field in {*_FIELDS.values(), *_ACCOUNT, "comment_type"}:
            raise ConfigurationError(
                f"honeypot_field={self.honeypot_field!r}: Akismet has a field of that name."
            )
        if not self.blog.startswith(("http://", "https://")):
            raise ConfigurationError(f"blog={self.blog!r}: write it with https:// in front.")

    @property
    def facts(self) -> Facts:
        return _FACTS

    def check(self, submission: Submission, key: str | None) -> Call:
        if not submission.ip:
            raise DetectorError("bad_request", "there is no public address", detector=self.name)
        return sending.post_form(CHECK, self._fields(submission, key))

    def _fields(self, submission: Submission, key: str | None) -> dict[str, Any]:
        fields: dict[str, Any] = {
            name: int(value) if isinstance(value, bool) else value
            for name, value in submission.extra.items()
            if isinstance(value, (str, int, float))
        }
        fields |= {"api_key": key, "blog": self.blog, "blog_lang": self.blog_lang}
        fields |= {theirs: getattr(submission, ours) for ours, theirs in _FIELDS.items()}
        fields["comment_type"] = _KINDS.get(submission.kind, submission.kind)
        if submission.event == "edit":
            fields["recheck_reason"] = "edit"
        if self.is_test:
            fields["is_test"] = "1"
        if submission.honeypot is not None:
            fields["honeypot_field_name"] = self.honeypot_field
            fields[self.honeypot_field] = submission.honeypot
        return fields

    def feedback(
        self, submission: Submission, detection_id: str | None, *, spam: bool, key: str | None
    ) -> Call:
        path = SPAM if spam else HAM
        return sending.post_form(path, self._fields(submission, key), retryable=False)

    def verify(self, key: str | None) -> Call:
        return sending.post_form(VERIFY, {"key": key, "api_key": key, "blog": self.blog})

    def usage(self, key: str | None) -> Call:
        return sending.post_form(USAGE, {"api_key": key})

    def detection(self, answer: Answer) -> Detection:
        word = self._word(answer)
        if word not in ("true", "false"):
            self._refused(answer, word)
        blatant = answer.headers.get("x-akismet-pro-tip") == "discard"
        waiting = answer.headers.get("x-akismet-recheck-after")
        alert = answer.headers.get("x-akismet-alert-code")
        words = [f"account alert {alert}"] if alert else []
        words += ["pro tip discard"] if blatant else []
        if word == "true":
            score = 1.0 if blatant else 0.9
        else:
            score = 0.5 if waiting else 0.0
            words += ["recheck after"] if waiting else []
        return Detection(
            score=score,
            category="blatant" if word == "true" and blatant else None,
            signals=reading.signals(words, self.name),
            detection_id=answer.headers.get("x-akismet-guid"),
            raw=reading.kept(answer, word, synthetic=True),
        )

    def _word(self, answer: Answer) -> str:
        reading.succeeded(answer, self.name)
        word = answer.body.decode("utf-8", "replace").strip()
        if "x-akismet-error" in answer.headers:
            self._refused(answer, word)
        return word

    def _refused(self, answer: Answer, word: str) -> NoReturn:
        error = answer.headers.get("x-akismet-error")
        hint = answer.headers.get("x-akismet-debug-help", "").lower()
        code: ErrorCode = "protocol"
        alert = answer.headers.get("x-akismet-alert-code")
        if alert in _OVER_LIMIT or "limit" in (error or "").lower():
            code = "quota"
        elif error is None and hint and "key" not in hint:
            code = "bad_request"
        elif error is not None or hint or word == "invalid":
            code = "auth"
        raise reading.failure(answer, self.name, code)

    def fed_back(self, answer: Answer) -> None:
        word = self._word(answer)
        if word != THANKS:
            self._refused(answer, "invalid" if word.lower().startswith("invalid") else word)

    def verified(self, answer: Answer) -> None:
        word = self._word(answer)
        if word != "valid":
            self._refused(answer, word)

    def used(self, answer: Answer) -> Usage:
        self._word(answer)
        said = reading.shaped(_Usage, reading.json_object(answer, self.name), self.name)
        limit = said.limit if isinstance(said.limit, float) else None
        left = None if limit is None or said.usage is None else max(limit - said.usage, 0.0)
        return Usage(used=said.usage, limit=limit, remaining=left, period="month")

    @property
    def media_type(self) -> str:
        return ""  # JSON is a missing key here, as it is at Akismet's.

    @property
    def routes(self) -> Mapping[str, Sequence[str]]:
        asked = dict.fromkeys((CHECK, SPAM, HAM, VERIFY), ("POST",))
        return {**asked, USAGE: ("GET", "POST"), SITES: ("GET", "POST")}

    def key_of(self, call: Call) -> str | None:
        fields = _form(call)
        in_query = serving.query(call, "api_key")
        old = _OLD_HOST.match(serving.header(call, "host") or "")
        name = "key" if serving.path_of(call) == VERIFY else "api_key"
        return fields.get(name) or fields.get("api_key") or in_query or (old[1] if old else None)

    def read(self, call: Call) -> Asked:
        path, fields = serving.path_of(call), _form(call)
        if path == VERIFY:
            return Asked(action="verify")
        if path == USAGE:
            return Asked(action="usage")
        if path == SITES:
            return Asked(action="sites", extra=_page(call, fields))
        for name in ("blog", "user_ip"):
            if not fields.get(name):
                raise serving.wrong(name, f'Empty "{name}" value.', "missing")
        submission = _submission(fields)
        about: dict[str, Any] = {
            "submissions": (submission,),
            "site": _host(fields["blog"]),
            "trusted": fields.get("user_role") == "administrator",
            "rehearsal": fields.get("is_test", "").lower() in ("1", "true"),
        }
        if path == CHECK:
            guaranteed = submission.author == _GUARANTEED[0] or submission.email == _GUARANTEED[1]
            return Asked(action="check", guaranteed=guaranteed, **about)
        return Asked(action="feedback", spam=path == SPAM, **about)

    def write(self, asked: Asked, verdicts: Sequence[SpamVerdict], usage: Usage) -> Answer:
        if asked.action == "verify":
            return _plain("valid")
        if asked.action == "feedback":
            return _plain(THANKS)
        if asked.action == "usage":
            used, limit = usage.used or 0, usage.limit
            percentage = f"{100 * used / limit:.2f}" if limit else "0.00"
            said = {"limit": limit or "none", "usage": used, "percentage": percentage}
            return serving.answer({**said, "throttled": usage.remaining == 0})
        if asked.action == "sites":
            return _sites(asked.extra, usage)
        [verdict] = verdicts
        headers = {"x-akismet-guid": verdict.id}
        if verdict.status == "bypassed":
            return _plain("false", headers)  # Its word for a trusted sender; it is no score.
        if serving.measured(verdict) >= BLATANT and verdict.is_spam and not asked.guaranteed:
            headers["x-akismet-pro-tip"] = "discard"
        if verdict.label == "suspicious":
            headers["x-akismet-recheck-after"] = "3600"
        return _plain("true" if verdict.is_spam else "false", headers)

    def refuse(self, error: DetectorError, call: Call) -> Answer:
        if error.code == "quota":
            alert = {"x-akismet-alert-code": "10508", "x-akismet-alert-msg": "Usage limit exceeded"}
            return _plain("invalid", alert)
        if isinstance(error, serving.Misdirected):
            return _plain(error.words, status=error.status)
        if error.code not in ("auth", "bad_request"):
            headers = serving.as_headers({"retry-after": error.retry_after})
            return _plain("", headers, serving.STATUS.get(error.code, 503))
        help_text = "This can't be judged." if error.code == "bad_request" else None
        if not self.key_of(call):
            help_text = 'Empty "api_key" value.'
        elif isinstance(error, serving.WrongRequest):
            help_text = error.problems[0].message
        return _plain("invalid", serving.as_headers({"x-akismet-debug-help": help_text}))


def _plain(word: str, headers: Mapping[str, str] | None = None, status: int = 200) -> Answer:
    written = {"content-type": "text/plain; charset=utf-8", **(headers or {})}
    return Answer(status, word.encode(), written)


def _form(call: Call) -> dict[str, str]:
    if "json" in (serving.header(call, "content-type") or ""):
        return {}
    return serving.form(call) or {}


def _host(blog: str) -> str | None:
    try:
        return urlsplit(blog).hostname
    except ValueError:
        raise serving.wrong("blog", 'Invalid "blog" value.') from None


def _page(call: Call, fields: Mapping[str, str]) -> dict[str, Any]:
    names = ("month", "filter", "format", "order", "limit", "offset")
    asked = {name: serving.query(call, name) or fields.get(name) for name in names}
    amounts = {
        name: asked[name] or default for name, default in (("limit", "500"), ("offset", "0"))
    }
    for name, digits in amounts.items():
        if not re.fullmatch(r"[0-9]{1,9}", digits):
            raise serving.wrong(name, f'Invalid "{name}" value.')
    return {**asked, **{name: int(digits) for name, digits in amounts.items()}}


def _sites(asked: Mapping[str, Any], usage: Usage) -> Answer:
    month = asked["month"] or usage.month
    found = [
        [site.site, *map(str, site[1:])]
        for site in usage.sites
        if month == usage.month and (asked["filter"] or "") in site.site
    ]
    if asked["order"] in _COLUMNS:
        column = _COLUMNS.index(asked["order"])
        # Hosts by name, amounts from the highest down.
        found.sort(key=lambda row: row[0] if column == 0 else (-int(row[column]), row[0]))
    page = found[asked["offset"] :][: asked["limit"]]
    if asked["format"] == "csv":
        lines = io.StringIO()
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow((*_COLUMNS, "is_revoked"))
        writer.writerows((*row, "false") for row in page)
        return _plain(lines.getvalue())
    rows = [{**dict(zip(_COLUMNS, row, strict=True)), "is_revoked": False} for row in page]
    about = {"limit": asked["limit"], "offset": asked["offset"], "total": len(found)}
    return serving.answer({f"{month}": rows, **about})


def _submission(fields: Mapping[str, str]) -> Submission:
    trap = fields.get("honeypot_field_name")
    kinds = {theirs: ours for ours, theirs in _KINDS.items()}
    kind = fields.get("comment_type", "comment")
    known = {*_FIELDS.values(), *_ACCOUNT, "comment_type", "honeypot_field_name", trap}
    return Submission.model_validate(
        {
            **{ours: fields.get(theirs) for ours, theirs in _FIELDS.items()},
            "text": fields.get("comment_content", ""),
            "honeypot": None if trap is None else fields.get(trap),
            "kind": kinds.get(kind, kind),
            "event": "edit" if fields.get("recheck_reason") == "edit" else "create",
            "extra": {name: value for name, value in fields.items() if name not in known},
        }
    )
