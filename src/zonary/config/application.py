"""What one worker process answers: reading the log, timestamps and the open log without Django, all else through it."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zonary.config.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from zonary.common.clock import now
from zonary.config.counts import Counts
from zonary.config.dispatch import Dispatcher
from zonary.config.http import Endpoint
from zonary.config.static_files import static_files
from zonary.config.timestamping import file_endpoint, timestamping
from zonary.config.verify_page import verifying_page
from zonary.foundation.ledger.layout import DataDirectory
from zonary.foundation.ledger.watched_clock import signing_clock
from zonary.proof.timestamp.authority import Authority


class Application:
    """Built when a worker starts: loads keys, opens nothing that a later fork would share.

    :param shared: where all workers count; alone without it.
    """

    def __init__(self, counts: Counts | None = None) -> None:
        django = get_wsgi_application()
        # Only now are Django's apps there, which these modules need.
        from zonary.config.admission import token_holders
        from zonary.config.front_pages import refusal
        from zonary.config.metrics import METRICS
        from zonary.config.published_log import published_logs
        from zonary.config.signed_in import is_signed_in
        from zonary.config.zone import hold_clock
        from zonary.foundation.accounts.queries import is_issued
        from zonary.foundation.ledger.authority import OWN, SM2, issuer_of
        from zonary.foundation.ledger.certificate_signer import CRL_ADDRESS
        from zonary.foundation.ledger.logs import MAIN, OPEN
        from zonary.foundation.ledger.openlog import OpenLogWriter

        hold_clock()
        if counts is not None:
            METRICS.share(counts)
        data: DataDirectory = settings.ZONARY_DATA
        text = "text/plain; charset=utf-8"
        exact: dict[str, Endpoint] = {
            CRL_ADDRESS: file_endpoint(data.certificate_revocations, "application/pkix-crl"),
            "/trust": file_endpoint(data.trust, text),
            "/verify": verifying_page(),
        } | static_files()
        authorities = {"/tsa": OWN} | ({"/tsa/sm2": SM2} if settings.ZONARY_TIMESTAMPS.has_sm2 else {})
        for address, of in authorities.items():
            exact |= _authority(address, issuer_of(data, of), of.chain(data), of.revocations(data))
        prefixed: dict[str, Endpoint] = published_logs(MAIN)
        self._writer: OpenLogWriter | None = None
        if settings.ZONARY_OPEN_LOG:
            from zonary.config.open_log import open_log_add

            self._writer = OpenLogWriter()
            exact["/openlog/add"] = open_log_add(self._writer)
            exact["/openlog/vkey"] = file_endpoint(data.open_log_vkey, text)
            prefixed |= published_logs(OPEN)
        self._count = METRICS.counts.count

        def in_force(token: str) -> bool:
            return is_issued(token, at=now.last_trusted())

        admit = token_holders(in_force, is_signed_in, settings.SESSION_COOKIE_NAME)
        self.answer = Dispatcher(exact, prefixed, django, self._count, admit, refusal)

    def refused(self, status: int) -> None:
        """Count an answer to what was no request."""
        self._count("other", status)

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """To be called before the first request."""
        if self._writer is not None:
            self._writer.start(loop)

    def stop(self) -> None:
        """To be called after the last."""
        if self._writer is not None:
            self._writer.stop()


def _authority(address: str, issuer: Authority, chain: Path, revocations: Path) -> dict[str, Endpoint]:
    """Where an authority of this server answers, and what it takes to check it."""
    from zonary.config.metrics import METRICS

    clock = signing_clock(settings.ZONARY_DATA, now, settings.ZONARY_CLOCK.sources)
    return {
        address: timestamping(issuer, clock, METRICS.counts.timestamps),
        f"{address}/ca.pem": file_endpoint(chain, "application/x-pem-file"),
        f"{address}/crl.der": file_endpoint(revocations, "application/pkix-crl"),
    }
