"""Flask: a decorator that refuses spam and tells the view what is doubtful.

Run it from the folder above, then open http://127.0.0.1:5000:

    flask --app examples.flask_decorator run

Behind proxies of yours, say how many there are: `TRUSTED_PROXIES=1`.
"""

import os
import secrets
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from flask import Flask, abort, flash, jsonify, redirect, render_template_string, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Forbidden
from werkzeug.middleware.proxy_fix import ProxyFix

from fastapi_spamshield import SpamShieldSettings, SpamVerdict, SyncSpamShield

P = ParamSpec("P")

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 64_000
secret = app.secret_key = os.environ.get("SECRET_KEY") or secrets.token_hex()
shield = SyncSpamShield(settings=SpamShieldSettings(secret=secret))

# Anybody can send an X-Forwarded-For. Only what your own proxies added to it is believed.
proxies = ProxyFix(app.wsgi_app, x_for=int(os.environ.get("TRUSTED_PROXIES", "0")), x_proto=0)
app.wsgi_app = proxies  # type: ignore[method-assign] # As Flask documents it.

# Stand for your database.
published: list[dict[str, str]] = []
held_for_review: list[tuple[SpamVerdict, dict[str, str]]] = []

# The homepage is a trap: people do not see it, robots fill it in.
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Guest book</title>
<h1>Guest book</h1>
{% for message in get_flashed_messages() %}<p role="status">{{ message }}</p>{% endfor %}
{% for entry in published %}<p><b>{{ entry.name }}</b>: {{ entry.message }}</p>{% endfor %}
<form method="post">
  <p><label>Name<br><input name="name" required maxlength="100" value="{{ sent.name }}"></label>
  <p><label>Message<br>
    <textarea name="message" required maxlength="5000">{{ sent.message }}</textarea></label>
  <p aria-hidden="true" style="position: absolute; left: -100vw">
    <label>Homepage <input name="homepage" tabindex="-1" autocomplete="off"></label>
  <input type="hidden" name="token" value="{{ token }}">
  <p><button>Send</button>
</form>"""


class Refused(Forbidden):
    """Tells the sender one neutral sentence and a reference, never a reason."""

    def __init__(self, verdict: SpamVerdict) -> None:
        super().__init__(f"This could not be accepted. Reference: {verdict.id}")
        self.verdict = verdict


def sent() -> dict[str, str]:
    """The fields of the form or of the JSON object; what is judged and what is stored."""
    if not request.is_json:
        return request.form.to_dict()
    given: Any = request.get_json()
    if not isinstance(given, dict):
        abort(400)
    fields = cast("dict[str, Any]", given)
    return {name: value for name, value in fields.items() if isinstance(value, str)}


def spam_protected(
    field: str,
    *,
    threshold: float | None = None,
    author: str = "name",
    honeypot: str = "homepage",
    kind: str = "comment",
) -> Callable[
    [Callable[Concatenate[SpamVerdict, P], ResponseReturnValue]], Callable[P, ResponseReturnValue]
]:
    """Ask the shield about a field of the form or of the JSON; the view gets the verdict first."""
    policy = shield.policy.override(threshold=threshold)

    def decorate(
        view: Callable[Concatenate[SpamVerdict, P], ResponseReturnValue],
    ) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def protected(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            fields = sent()
            if not fields.get(field, "").strip():
                abort(400)
            # Programs that send JSON were shown no form.
            token = None if request.is_json else shield.claim_form_token(fields.get("token"), kind)
            verdict = shield.check(
                fields[field],
                policy=policy,
                author=fields.get(author),
                honeypot=fields.get(honeypot),
                kind=kind,
                ip=request.remote_addr,
                user_agent=request.headers.get("User-Agent"),
                form_token=token and token.state,
                elapsed=token and token.elapsed,
            )
            if verdict.action == "reject":
                if token is not None:
                    shield.release_form_token(token)  # A person may correct it and try again.
                raise Refused(verdict)
            return view(verdict, *args, **kwargs)

        return protected

    return decorate


def page(fields: Mapping[str, str]) -> str:
    token = shield.form_token("comment")
    return render_template_string(PAGE, published=published, sent=fields, token=token)


@app.errorhandler(Refused)
def refused(error: Refused) -> ResponseReturnValue:
    detail = error.description or ""
    if request.is_json:
        problem = jsonify(title="Forbidden", status=403, detail=detail)
        problem.content_type = "application/problem+json"
        return problem, 403
    flash(detail)
    return page(request.form), 403  # With what was written, in case a person wrote it.


@app.get("/")
def show() -> ResponseReturnValue:
    return page({})


@app.post("/")
@spam_protected("message", threshold=0.8)
def sign(verdict: SpamVerdict) -> ResponseReturnValue:
    fields = sent()
    entry = {"name": fields.get("name", ""), "message": fields["message"]}
    if verdict.action == "allow":
        published.append(entry)
        answer = "Thank you. Your message is published."
    else:  # In doubt, and when nothing could be measured.
        held_for_review.append((verdict, entry))
        answer = "Thank you. Your message waits for a moderator."
    if request.is_json:
        return {"reference": verdict.id, "detail": answer}, 201
    flash(answer)
    return redirect(url_for("show"), 303)
