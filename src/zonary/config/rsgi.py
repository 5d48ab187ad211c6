"""The one RSGI callable: reading the log, timestamps and the open log without Django, all else through it.

RSGI is our server's own interface: against ASGI it saves a quarter to a third of what a small request costs.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zonary.config.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from zonary.common.clock import now
from zonary.config.counts import SharedCounts
from zonary.config.dispatch import Dispatcher
from zonary.config.http import ARRIVALS, Connection, Endpoint, Scope
from zonary.config.lifeline import STOP_READING, die_with, end_without_finalizing
from zonary.config.timestamping import file_endpoint, timestamping
from zonary.foundation.ledger.layout import DataDirectory

_COLLECT_AFTER = 10_000
"""Objects made and not yet freed. Python's own 700 is fewer than some hundred requests at once have."""


class Application:
    """Built when a worker starts: loads keys, opens nothing that a later fork would share.

    :param shared: where all workers count; alone without it.
    """

    def __init__(self, shared: SharedCounts | None = None) -> None:
        django = get_wsgi_application()
        # Only now are Django's apps there, which these modules need.
        from zonary.config.admission import token_holders
        from zonary.config.metrics import METRICS
        from zonary.config.published_log import published_logs
        from zonary.config.zone import hold_clock
        from zonary.foundation.accounts.queries import is_issued
        from zonary.foundation.ledger.authority import load_issuer
        from zonary.foundation.ledger.logs import MAIN, OPEN
        from zonary.foundation.ledger.openlog import OpenLogWriter
        from zonary.portal.views import STYLE_SHEET

        hold_clock()
        if shared is not None:
            METRICS.share(shared.take_row())
        data: DataDirectory = settings.ZONARY_DATA
        pem, text = "application/x-pem-file", "text/plain; charset=utf-8"
        exact: dict[str, Endpoint] = {
            "/tsa": timestamping(load_issuer(data), now, METRICS.counts.timestamps),
            "/tsa/ca.pem": file_endpoint(data.authority_chain, pem),
            "/tsa/crl.der": file_endpoint(data.revocation_list, "application/pkix-crl"),
            "/trust": file_endpoint(data.trust, text),
            "/static/portal.css": file_endpoint(STYLE_SHEET, "text/css; charset=utf-8"),
        }
        prefixed: dict[str, Endpoint] = published_logs(MAIN)
        self._writer: OpenLogWriter | None = None
        if settings.ZONARY_OPEN_LOG:
            from zonary.config.open_log import open_log_add

            self._writer = OpenLogWriter()
            exact["/openlog/add"] = open_log_add(self._writer)
            exact["/openlog/vkey"] = file_endpoint(data.open_log_vkey, text)
            prefixed |= published_logs(OPEN)
        self._dispatch = Dispatcher(exact, prefixed, django, METRICS.counts.count, token_holders(is_issued))

    async def __rsgi__(self, scope: Scope, connection: Connection) -> None:
        await self._dispatch(scope, connection)

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._writer is not None:
            self._writer.start(loop)
        # zonary serve sends this before it ends the worker, which else waits for every half-sent body.
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(STOP_READING, ARRIVALS.end)

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._writer is not None:
            self._writer.stop()


def build(shared: SharedCounts) -> Application:
    """The application as ``zonary serve`` starts it in each worker process."""
    parent = int(os.environ["ZONARY_SERVER_PID"])
    die_with(parent)
    end_without_finalizing()
    application = Application(shared)
    _spare_the_collector()
    return application


def _spare_the_collector() -> None:
    """What is loaded now stays; looking through it again and again for garbage took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER)
