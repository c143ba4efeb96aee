"""The HTTP client: httpx, on aiohttp's connections where the extra is installed."""

from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import version
from ssl import SSLContext

import httpx

from .lanes import Lanes

KEEPALIVE_SECONDS = 60.0


def make_client(*, trust_env: bool) -> httpx.AsyncClient:
    """A client without timeouts, cookies and redirections; whoever uses it sees to its deadline.

    Args:
        trust_env: Whether proxies and certificates are taken from the environment.
    """
    context = httpx.create_ssl_context(trust_env=trust_env)
    limits = httpx.Limits(keepalive_expiry=KEEPALIVE_SECONDS)
    return httpx.AsyncClient(
        verify=context,
        limits=limits,
        timeout=None,  # noqa: S113 - a timer for each phase would cost more than one for all
        trust_env=trust_env,
        headers={"user-agent": f"fastapi-spamshield/{version('fastapi-spamshield')}"},
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        # httpx takes proxies from the environment for its own transport only.
        transport=None if trust_env else _aiohttp_transport(context) or _lanes(context),
    )


def _lanes(context: SSLContext) -> Lanes:
    limits = httpx.Limits(max_connections=1, keepalive_expiry=KEEPALIVE_SECONDS)

    def lane() -> httpx.AsyncHTTPTransport:
        return httpx.AsyncHTTPTransport(verify=context, trust_env=False, limits=limits)

    return Lanes(lane, keepalive=KEEPALIVE_SECONDS)


def _aiohttp_transport(context: SSLContext) -> httpx.AsyncBaseTransport | None:
    try:
        import aiohttp  # noqa: PLC0415 - optional
        from httpx_aiohttp import AiohttpTransport  # noqa: PLC0415 - optional
    except ImportError:
        return None

    def session() -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            limit=0,  # Whoever uses the client limits its requests.
            keepalive_timeout=KEEPALIVE_SECONDS,
            ssl=context,
        )
        return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    return AiohttpTransport(verify=context, client=session)
