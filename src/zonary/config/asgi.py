"""The one ASGI callable: reading the log, timestamps and the open log without Django, all else through it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zonary.config.settings")

from django.conf import settings
from django.core.asgi import get_asgi_application

from zonary.common.clock import now
from zonary.config.dispatch import Dispatcher
from zonary.config.http import ARRIVALS, Endpoint, Receive, Scope, Send
from zonary.config.lifeline import STOP_READING, die_with, end_without_finalizing
from zonary.config.timestamping import file_endpoint, timestamping
from zonary.foundation.ledger.layout import DataDirectory

_log = logging.getLogger("zonary.server")


class Application:
    """Built when the worker starts: loads keys, opens nothing that a later fork would share."""

    def __init__(self) -> None:
        self._django = get_asgi_application()
        # Only now are Django's apps there, which these modules need.
        from zonary.config.admission import token_holders
        from zonary.config.metrics import METRICS
        from zonary.config.published_log import published_logs
        from zonary.foundation.accounts.queries import is_issued
        from zonary.foundation.ledger.authority import load_issuer
        from zonary.foundation.ledger.logs import MAIN, OPEN
        from zonary.foundation.ledger.openlog import OpenLogWriter
        from zonary.portal.views import STYLE_SHEET

        data: DataDirectory = settings.ZONARY_DATA
        pem, text = b"application/x-pem-file", b"text/plain; charset=utf-8"
        exact: dict[str, Endpoint] = {
            "/tsa": timestamping(load_issuer(data), now, METRICS.timestamps),
            "/tsa/ca.pem": file_endpoint(data.authority_chain, pem),
            "/tsa/crl.der": file_endpoint(data.revocation_list, b"application/pkix-crl"),
            "/trust": file_endpoint(data.trust, text),
            "/static/portal.css": file_endpoint(STYLE_SHEET, b"text/css; charset=utf-8"),
        }
        prefixed: dict[str, Endpoint] = published_logs(MAIN)
        self._writer: OpenLogWriter | None = None
        if settings.ZONARY_OPEN_LOG:
            from zonary.config.open_log import open_log_add

            self._writer = OpenLogWriter()
            exact["/openlog/add"] = open_log_add(self._writer)
            exact["/openlog/vkey"] = file_endpoint(data.open_log_vkey, text)
            prefixed |= published_logs(OPEN)
        self._dispatch = Dispatcher(exact, prefixed, self._django, METRICS.count, token_holders(is_issued))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._dispatch(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._lifespan(receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                if self._writer is not None:
                    self._writer.start(asyncio.get_running_loop())
                # zonary serve sends this before it ends the worker, which else waits for every half-sent body.
                with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                    asyncio.get_running_loop().add_signal_handler(STOP_READING, ARRIVALS.end)
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                if self._writer is not None:
                    await asyncio.to_thread(self._writer.stop)
                await send({"type": "lifespan.shutdown.complete"})
                return


def build() -> Application:
    """The application as ``zonary serve`` starts it in its worker process."""
    parent = int(os.environ["ZONARY_SERVER_PID"])
    die_with(parent)
    end_without_finalizing()
    return Application()


def __getattr__(name: str) -> Application:
    # For any other ASGI server: `zonary.config.asgi:application`. Made when asked for, so that importing is cheap.
    if name != "application":
        raise AttributeError(name)
    return Application()
