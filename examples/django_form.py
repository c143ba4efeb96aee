"""Django: a form that asks the shield in `clean()`, and a view that keeps what is doubtful apart.

Run it from the folder above, then open http://127.0.0.1:8000:

    python -m examples.django_form runserver

All of it is in one file; in your project the form goes to `forms.py` and the rest is there already.
"""

import os
import secrets
import sys
import time
from typing import Any, NamedTuple

import django
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import execute_from_command_line
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from fastapi_spamshield import SpamVerdict, SyncSpamShield

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Contact</title>
<h1>Contact</h1>
{% for message in messages %}<p role="status">{{ message }}</p>{% endfor %}
<form method="post">
  {% csrf_token %}
  {{ form.non_field_errors }}
  {{ form.name.as_field_group }}
  {{ form.email.as_field_group }}
  {{ form.message.as_field_group }}
  <p aria-hidden="true" style="position: absolute; left: -100vw">{{ form.homepage }}
  {{ form.shown }}
  <p><button>Send</button>
</form>"""

settings.configure(
    ALLOWED_HOSTS=["localhost", "127.0.0.1"],
    DATA_UPLOAD_MAX_MEMORY_SIZE=64_000,
    MESSAGE_STORAGE="django.contrib.messages.storage.cookie.CookieStorage",
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    ROOT_URLCONF=__name__,
    SECRET_KEY=os.environ.get("SECRET_KEY") or secrets.token_hex(),
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "context_processors": ["django.contrib.messages.context_processors.messages"],
                "loaders": [("django.template.loaders.locmem.Loader", {"contact.html": PAGE})],
            },
        }
    ],
)
django.setup()

shield = SyncSpamShield()


class SpamProtectedForm(forms.Form):
    """For every form that strangers can send: `clean()` refuses spam, `verdict` says the rest.

    Attributes:
        spam_field: The field that is judged.
        verdict: What the shield says of it; `None` as long as the form is not valid otherwise.
    """

    spam_field = "message"
    verdict: SpamVerdict | None = None

    # A trap: people do not see it, robots fill it in.
    homepage = forms.CharField(
        required=False,
        max_length=500,
        widget=forms.TextInput({"tabindex": "-1", "autocomplete": "off"}),
    )
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        super().__init__(
            request.POST if request.method == "POST" else None,
            initial={"shown": signing.dumps(time.time(), salt="shown")},
        )

    def clean(self) -> dict[str, Any]:
        fields = self.cleaned_data
        if self.errors:
            return fields  # What is refused anyway costs nothing.
        self.verdict = shield.check(
            fields[self.spam_field],
            author=fields.get("name"),
            email=fields.get("email"),
            honeypot=fields["homepage"],
            elapsed=seconds_since(fields["shown"]),
            kind="contact",
            # Never X-Forwarded-For, which anybody can send: your server sets it, or a middleware
            # that knows your proxies.
            ip=self.request.META["REMOTE_ADDR"],
            user_agent=self.request.headers.get("User-Agent"),
        )
        if self.verdict.action == "reject":
            # One neutral sentence and a reference; the sender is not told why.
            raise ValidationError(
                "This could not be accepted. Reference: %(reference)s",
                code="spam",
                params={"reference": self.verdict.id},
            )
        return fields


def seconds_since(shown: str) -> float | None:
    try:
        return time.time() - float(signing.loads(shown, salt="shown"))
    except signing.BadSignature:
        return None  # Not from our form: nothing is known, which is not the same as too fast.


class ContactForm(SpamProtectedForm):
    """Only its own fields."""

    name = forms.CharField(max_length=100)
    email = forms.EmailField(max_length=200)
    message = forms.CharField(max_length=5_000, widget=forms.Textarea)


class Message(NamedTuple):
    """Stands for your model."""

    name: str
    email: str
    message: str


# Stand for your tables.
inbox: list[Message] = []
held_for_review: list[tuple[SpamVerdict, Message]] = []


def contact(request: HttpRequest) -> HttpResponse:
    form = ContactForm(request)
    if not form.is_valid() or form.verdict is None:
        refused = form.has_error(NON_FIELD_ERRORS, code="spam")
        return render(request, "contact.html", {"form": form}, status=403 if refused else 200)
    fields = form.cleaned_data
    message = Message(fields["name"], fields["email"], fields["message"])
    if form.verdict.action == "allow":
        inbox.append(message)
    else:  # In doubt, and when nothing could be measured.
        held_for_review.append((form.verdict, message))
    messages.success(request, "Thank you. We have it.")
    return redirect("contact")


urlpatterns = [path("", contact, name="contact")]
application = WSGIHandler()

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
