"""Akismet, as the gateway speaks it: forms, plain text, and 200 for a wrong key too."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from ....dialects.akismet import CHECK, HAM, SITES, SPAM, THANKS, USAGE, VERIFY
from .building import FORM, PLAIN, Body, Description, Json, Operation, Written


class Key(BaseModel):
    """Whose key it is."""

    key: Annotated[str, Field(min_length=1)]
    blog: str = ""


class Comment(BaseModel):
    """What somebody wrote. A field that `honeypot_field_name` names may stand besides."""

    api_key: Annotated[str, Field(min_length=1)]
    blog: Annotated[str, Field(description="The site's front page, with https:// in front.")]
    user_ip: Annotated[str, Field(min_length=1)]
    user_agent: str = ""
    referrer: str = ""
    permalink: str = ""
    comment_type: str = "comment"
    comment_author: str = ""
    comment_author_email: str = ""
    comment_author_url: str = ""
    comment_content: str = ""
    honeypot_field_name: str = ""
    is_test: Annotated[str, Field(description="1: nothing is learned of it.")] = ""
    recheck_reason: str = ""
    user_role: Annotated[str, Field(description="Not believed unless the gateway is told to.")] = ""


class Account(BaseModel):
    """Whose account it is."""

    api_key: Annotated[str, Field(min_length=1, examples=["abc123def456"])]


class Page(Account):
    """Which sites are asked for."""

    month: Annotated[str, Field(examples=["2026-11"])] = ""
    filter: Annotated[str, Field(description="Part of a site's name.")] = ""
    format: Literal["json", "csv"] = "json"
    order: Annotated[str, Field(description="A column.", examples=["api_calls"])] = "site"
    limit: Annotated[str, Field(pattern="^[0-9]{1,9}$")] = "500"
    offset: Annotated[str, Field(pattern="^[0-9]{1,9}$")] = "0"


class Limit(Written):
    """Submissions judged this month."""

    limit: int | Literal["none"]
    usage: int
    percentage: str
    throttled: bool


class Site(Written):
    """What was asked for one site."""

    site: str
    api_calls: str
    spam: str
    ham: str
    missed_spam: str
    false_positives: str
    is_revoked: Literal[False]


_SITES: Json = {
    "type": "object",
    "description": "Below the month's name, such as `2026-11`, what was asked for each site.",
    "properties": {name: {"type": "integer"} for name in ("limit", "offset", "total")},
    "required": ["limit", "offset", "total"],
    "additionalProperties": {"type": "array", "items": Site.model_json_schema()},
}


def _words(*words: str) -> Body:
    return Body(schema={"type": "string", "enum": list(words)}, example=words[0], media_type=PLAIN)


def _text(example: str) -> Body:
    return Body(schema={"type": "string"}, example=example, media_type=PLAIN)


_FAILURES = {
    413: [_text("")],
    415: [_text("Unsupported Media Type")],
    429: [_text("")],
    503: [_text("")],
}
_COMMENT = {
    "api_key": "abc123def456",
    "blog": "https://site.test",
    "user_ip": "203.0.113.9",
    "comment_type": "contact-form",
    "comment_author": "Ola",
    "comment_content": "Hi there",
}
_HEADERS = {
    "x-akismet-guid": "Names the answer.",
    "x-akismet-pro-tip": "`discard`: it is so certain that nobody needs to look.",
    "x-akismet-recheck-after": "Seconds; with `false`: it is doubtful.",
    "x-akismet-debug-help": "With `invalid`: what is wrong.",
}


def _sent(path: str, summary: str, *words: str) -> Operation:
    return Operation(
        path=path,
        summary=summary,
        request=Body(schema=Comment, example=_COMMENT, media_type=FORM),
        answers={200: [_words(*words, "invalid")], **_FAILURES},
        headers=_HEADERS,
    )


def _asked(
    path: str, summary: str, asked: type[BaseModel], found: list[Body]
) -> tuple[Operation, Operation]:
    answers = {200: found, **_FAILURES}
    schema = asked.model_json_schema()
    parameters = [
        {"name": name, "in": "query", "required": name in schema["required"], "schema": about}
        for name, about in schema["properties"].items()
    ]
    form = Body(schema=asked, example={"api_key": "abc123def456"}, media_type=FORM)
    return (
        Operation(path=path, method="get", summary=summary, parameters=parameters, answers=answers),
        Operation(path=path, summary=f"{summary}, as a form", request=form, answers=answers),
    )


DESCRIPTION = Description(
    title="Akismet",
    security={},  # The key is a field of the form, for which OpenAPI has no scheme.
    operations=(
        _sent(CHECK, "Whether a comment is spam", "true", "false"),
        _sent(SPAM, "Corrects a judgement: it was spam", THANKS),
        _sent(HAM, "Corrects a judgement: it was no spam", THANKS),
        Operation(
            path=VERIFY,
            summary="Whether a key is good",
            request=Body(
                schema=Key,
                example={"key": "abc123def456", "blog": "https://site.test"},
                media_type=FORM,
            ),
            answers={200: [_words("valid", "invalid")], **_FAILURES},
        ),
        *_asked(
            USAGE,
            "What is left of the quota",
            Account,
            [
                Body(
                    schema=Limit,
                    example={
                        "limit": "none",
                        "usage": 7463,
                        "percentage": "0.00",
                        "throttled": False,
                    },
                ),
                _words("invalid"),
            ],
        ),
        *_asked(
            SITES,
            "What was asked for each site this month",
            Page,
            [
                Body(
                    schema=_SITES,
                    example={"2026-11": [], "limit": 500, "offset": 0, "total": 0},
                ),
                _text("invalid"),
            ],
        ),
    ),
)
