"""What a process serves over HTTP: put together from a running Nearer and the settings."""

from uuid import uuid4

import structlog

from bot.app import Nearer
from bot.chat.faults import place_of
from bot.chat.shape import is_update
from bot.console.readiness import Arrival, Readiness
from bot.domain.errors import StorageTrouble
from bot.settings import Settings
from bot.web.app import Pages
from bot.web.metrics import Metrics
from bot.web.serving import Address, Serving
from bot.web.webhook import Webhook, path_of, secret_of

log = structlog.get_logger()


def hook_of(settings: Settings) -> tuple[str, str]:
    """The webhook's whole address, and the secret that comes with each update."""
    secret = secret_of(settings.telegram_token, settings.webhook_secret)
    return settings.webhook_url + path_of(settings.telegram_token, secret), secret


def serving_of(nearer: Nearer, settings: Settings, metrics: Metrics, arrival: Arrival, *, hooked: bool) -> Serving:
    """The web server of this process, not yet listening; with the webhook where it is `hooked`."""
    address = Address(*settings.listens_at)
    seen = address.loopback or bool(settings.metrics_token)
    if not seen:
        log.warning("metrics.not_served", hint="set METRICS_TOKEN, or BIND=127.0.0.1")
    pages = Pages(
        unready=Readiness(nearer, arrival).unready,
        fault=lambda error: _fault(nearer, error),
        webhook=_webhook(nearer, settings) if hooked else None,
        metrics=(lambda: _told(nearer, metrics)) if seen else None,
        metrics_token=settings.metrics_token,
    )
    return Serving(pages.application(), address)


def _webhook(nearer: Nearer, settings: Settings) -> Webhook:
    _, secret = hook_of(settings)

    async def keep(updates: list[dict[str, object]]) -> None:
        try:
            await nearer.inbox.keep(updates)
        except StorageTrouble as trouble:
            log.error("inbox.not_kept", reason=str(trouble))
            raise

    return Webhook(
        secret=secret,
        path=path_of(settings.telegram_token, secret),
        is_update=lambda body: is_update(body, nearer.bot),
        keep=keep,
    )


async def _told(nearer: Nearer, metrics: Metrics) -> bytes:
    """The counts of this process, and what waits in the database while that can be asked."""
    try:
        async with nearer.kit.store.read() as work:
            queue = await work.facts.queue(nearer.kit.now())
    except StorageTrouble:
        queue = {}
    return metrics.told(queue)


def _fault(nearer: Nearer, error: Exception) -> None:
    number = uuid4().hex[:8]
    log.error("web.fault", fault=number, kind=type(error).__name__, place=place_of(error))
    nearer.kit.report(error, number)
