"""What ``/metrics`` tells (Prometheus text format)."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from zonary.common.clock import now
from zonary.foundation.ledger.logs import MAIN, OPEN
from zonary.foundation.ledger.proofs import published_checkpoint
from zonary.foundation.ledger.queries import log_status

_GAUGES = {
    "zonary_log_size": "Entries that have an index.",
    "zonary_log_published_size": "Entries under the checkpoint readers see.",
    "zonary_log_pending": "Entries recorded and still without an index.",
    "zonary_log_checkpoint_age_seconds": "Since the last checkpoint was signed; grows while nothing is recorded.",
}


class _LogCollector(Collector):
    """Looks at the logs when it is asked, and only then."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        families = {name: GaugeMetricFamily(name, text, labels=["log"]) for name, text in _GAUGES.items()}
        for name in (MAIN, OPEN):
            status = log_status(name)
            if status is None:
                continue
            published = published_checkpoint(name)
            values = (
                status.size,
                published.size if published else 0,
                status.pending,
                max(0.0, (now() - status.signed_at).total_seconds()),
            )
            for family, value in zip(families.values(), values, strict=True):
                family.add_metric([name], value)
        yield from families.values()


class Metrics:
    """The counters of one worker process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._requests = Counter(
            "zonary_http_requests", "Requests answered.", ["area", "status"], registry=self.registry
        )
        self.timestamps = Counter(
            "zonary_timestamp_answers", "Timestamp requests answered, refusals included.", registry=self.registry
        )
        # Finding a labelled counter takes a lock and builds a key; there are few, so they are kept.
        self._known: dict[tuple[str, int], Counter] = {}
        self.registry.register(_LogCollector())

    def count(self, area: str, status: int) -> None:
        """One more request in ``area`` (the first part of the path) was answered with ``status``."""
        counter = self._known.get((area, status))
        if counter is None:
            counter = self._known[area, status] = self._requests.labels(area, str(status))
        counter.inc()

    def text(self) -> bytes:
        """The exposition, in the text format."""
        return generate_latest(self.registry)


METRICS = Metrics()
