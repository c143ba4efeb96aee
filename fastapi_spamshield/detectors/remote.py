"""`RemoteDetector`: a hosted service judges."""

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from ..errors import ConfigurationError
from .base import Detector
from .batch import BatchService
from .configuration import Configuration
from .opening import Openings, Opens
from .service import Service


@dataclass(frozen=True)
class RemoteDetector(Configuration, Opens):
    """Asks a hosted service, in whatever dialect it speaks.

    A description: hashable, and equal to another that says the same. The shield opens it: its
    connections, breaker, budgets and remembered answers live as long as the shield is open, and
    equal descriptions share them.

    Of a submission the service gets `text`, `kind`, and the fields in `send`, nothing else; an `ip`
    of a private network never. Longer texts than the service takes are sent as head, middle and
    tail, which a signal `cut` says.

    Attributes:
        dialect: The service's language.
        api_key: The account's key.
        base_url: Where the service is, if not where the dialect says: `https://...`, or `http://`
            and a loopback address.
        send: Fields of `Submission` that may leave this machine; those that the service does not
            understand stay here nevertheless.
        mask_pii: Replace e-mail addresses, phone, card and other personal numbers in free text by
            placeholders before it leaves. Fields that are such data as a whole leave as they are
            once they are in `send`.
        timeout: Seconds for one check, retries included, where the shield's own deadline is not
            shorter. Default: what the dialect states.
        retries: How often a request is sent again that failed in passing.
        per_minute: Requests in 60 seconds; more are refused here, as `rate_limited`.
        per_month: Requests in a calendar month, UTC; more are refused here, as `quota`.
        concurrency: Requests at a time; more wait within their deadline.
        cache_size: Answers to remember; 0: none.
        cache_ttl: Seconds that an answer is remembered.
        breaker_failures: Outages in a row, or refusals of a key that was taken before, after which
            the service is left alone.
        breaker_cooldown: Seconds until it is asked again then.
        redirects: Follow redirections within the same host.
        verify: What a missing or refused key does at start-up: stop it (`error`), write a warning
            (`warn`), or nothing, and nobody asks (`skip`). A service that can't be reached is a
            warning.

    Raises:
        ConfigurationError: A value is wrong, or the service needs a field that is not in `send`.
    """

    @property
    def name(self) -> str:
        """The dialect's."""
        return self.dialect.name

    def opened(self, openings: Openings) -> AbstractAsyncContextManager[Detector]:
        """Open it on a shield's client.

        Args:
            openings: The shield's.

        Raises:
            ConfigurationError: Nothing may leave this machine, or the key is missing or refused.
        """
        return self._opened(openings)

    @asynccontextmanager
    async def _opened(self, openings: Openings) -> AsyncGenerator[Detector]:
        if not openings.egress:
            raise ConfigurationError(
                f"egress='none', yet the detector {self.name!r} would send texts to a service. "
                "Use LocalDetector, or allow it"
            )
        openings.transport.start()
        kind = BatchService if hasattr(self.dialect, "check_many") else Service
        service = kind(self, openings.transport)
        try:
            await service.subscription.verify()
            yield service
        finally:
            await service.close()
