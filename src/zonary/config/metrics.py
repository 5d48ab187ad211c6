"""What ``/metrics`` tells (Prometheus text format), of the whole server whichever worker is asked."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial

from django.conf import settings
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from zonary.common.clock import now
from zonary.config.counts import Counts, private_counts
from zonary.foundation.ledger.batching import batching
from zonary.foundation.ledger.logs import MAIN, OPEN
from zonary.foundation.ledger.proofs import published_checkpoint
from zonary.foundation.ledger.queries import log_status
from zonary.foundation.ledger.watched_clock import watched
from zonary.services.evidence.tasks.further import waiting

_GAUGES = {
    "zonary_log_size": "Entries that have an index.",
    "zonary_log_published_size": "Entries under the checkpoint readers see.",
    "zonary_log_pending": "Entries recorded and still without an index.",
    "zonary_log_checkpoint_age_seconds": "Since the last checkpoint was signed; grows while nothing is recorded.",
}
_NOT_ADDED_UP = {"process_start_time_seconds", "process_max_fds"}
"""Of these the smallest counts: since when there is a server, and what the tightest process may open."""


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
                0 if name == MAIN and batching() is not None else status.pending,  # anybody may read this
                max(0.0, (now.last_trusted() - status.signed_at).total_seconds()),
            )
            for family, value in zip(families.values(), values, strict=True):
                family.add_metric([name], value)
        yield from families.values()
        text = "1 while this machine's clock is in doubt, so that no timestamp is given and nothing recorded."
        yield GaugeMetricFamily("zonary_clock_in_doubt", text, value=float(now.doubt() is not None))
        found = watched(settings.ZONARY_DATA) if settings.ZONARY_CLOCK.sources else None
        if found is not None:
            text = "1 while other time sources have the clock off by more than the bound, so that nothing is signed."
            yield GaugeMetricFamily("zonary_clock_off", text, value=float(found.is_off))
            text = "1 while enough time sources answer to say whether the clock is right; else it counts as it did."
            yield GaugeMetricFamily("zonary_clock_known", text, value=float(found.is_known))
            if found.behind is not None:
                text = "Seconds by which the clock is behind other time sources, their median."
                yield GaugeMetricFamily("zonary_clock_behind_seconds", text, value=found.behind)
        # Anybody may read this: where the log hides how much is recorded, so does this number.
        if batching() is None:
            text = "Records that wait for the timestamp of this authority."
            family = GaugeMetricFamily("zonary_timestamps_waiting", text, labels=["authority"])
            for name, count in waiting().items():
                family.add_metric([name], count)
            yield family


class _CountCollector(Collector):
    def __init__(self, counts: Counts) -> None:
        self._counts = counts

    def collect(self) -> Iterator[Metric]:
        requests = CounterMetricFamily("zonary_http_requests", "Requests answered.", labels=["area", "status"])
        for area, status, number in self._counts.responses():
            requests.add_metric([area, str(status)], number)
        yield requests
        text = "Timestamp requests answered, refusals included."
        yield CounterMetricFamily("zonary_timestamp_answers", text, value=self._counts.all_timestamps())
        yield GaugeMetricFamily("zonary_workers", "Processes that answer.", value=len(self._counts.processes()))


class _ProcessCollector(Collector):
    """The usual ``process_…`` of all processes together: every worker's, and of the one that started them."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts

    def collect(self) -> Iterator[Metric]:
        together: dict[str, tuple[Metric, list[float]]] = {}
        for process in sorted({*self._counts.processes(), int(os.environ.get("ZONARY_SERVER_PID", os.getpid()))}):
            # A process that has just gone has no numbers.
            for metric in ProcessCollector(pid=partial(int, process), registry=None).collect():
                for sample in metric.samples:
                    together.setdefault(sample.name, (metric, []))[1].append(sample.value)
        for name, (metric, values) in together.items():
            combine = min if name in _NOT_ADDED_UP else sum
            metric.samples = [metric.samples[0]._replace(value=combine(values))]
            yield metric


class Metrics:
    """What this server has counted, and what it looks up when asked."""

    def __init__(self) -> None:
        self.counts = private_counts()

    def share(self, counts: Counts) -> None:
        """From now on count there: before the first request."""
        self.counts = counts

    def text(self) -> bytes:
        """The exposition, in the text format."""
        registry = CollectorRegistry()
        for collector in (_CountCollector(self.counts), _ProcessCollector(self.counts), _LogCollector()):
            registry.register(collector)
        return generate_latest(registry)


METRICS = Metrics()
