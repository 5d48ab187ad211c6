"""Where things go that are not in the data directory, and other small things the environment says."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from zonary.foundation.ledger.layout import DataDirectory
from zonary.proof.errors import Error

SIX_MONTHS_DAYS = 184
MAX_BATCH_MINUTES, MAX_BATCH_LEAVES = 1440, 4096
MAX_RETENTION_DAYS = 36_500
SESSION_SECRET = "session.secret"  # noqa: S105 - the name of a file


def kept_directory(environment: Mapping[str, str]) -> Path:
    """``$XDG_STATE_HOME/zonary/checkpoints``, else below ``~/.local/state``; it need not exist.

    A user without a home, such as that of a container, gets a directory in which nothing can be written, and is told
    so when a checkpoint is to be kept.
    """
    state = environment.get("XDG_STATE_HOME", "")
    # The XDG specification: a relative path is to be ignored.
    base = Path(state) if os.path.isabs(state) else Path(environment.get("HOME") or "/nonexistent") / ".local" / "state"
    return base / "zonary" / "checkpoints"


def session_secret(data: DataDirectory) -> str:
    """The secret that signs sessions and mailed links, or nothing before the first start.

    It lies in the folder of keys, which servers of one zone share.
    """
    try:
        return (data.keys / SESSION_SECRET).read_text("ascii").strip()
    except OSError:
        return ""


def allowed_hosts(url: str) -> list[str]:
    """The names this server may be called by where it makes addresses of its own: its URL's, and this machine's."""
    return sorted({urlsplit(url).hostname or "127.0.0.1", "127.0.0.1", "localhost", "[::1]"})


def capture_hosts(named: str, url: str, *, is_demo: bool) -> frozenset[str]:
    """``host:port`` of what may be captured though it is inside; the made-up shop of a demonstration is on this server.

    :param named: ``ZONARY_CAPTURE_HOSTS``: several, separated by commas.
    """
    hosts = set(filter(None, named.lower().split(",")))
    own = urlsplit(url)
    if is_demo and own.hostname:
        hosts.add(f"{own.hostname}:{own.port or (443 if own.scheme == 'https' else 80)}")
    return frozenset(hosts)


def retention(days: str) -> timedelta:
    """How long what is known of a person is kept after they closed their account (``ZONARY_RETENTION_DAYS``).

    Six months have at most 184 days; whoever names fewer answers for it.

    :raises Error: when it is no number of days.
    """
    if days and not (days.isascii() and days.isdigit() and int(days) <= MAX_RETENTION_DAYS):
        raise Error("ZONARY_RETENTION_DAYS is a number of days from 0 to {most}.", most=MAX_RETENTION_DAYS)
    return timedelta(days=int(days) if days else SIX_MONTHS_DAYS)


def batch_of(written: str) -> tuple[int, int] | None:
    """Seconds of a slot, and leaves of each class in it (``ZONARY_BATCH``: minutes/leaves, such as ``15/32``).

    :raises Error: when it is no such pair; nothing or ``0`` stands for None.
    """
    if written in ("", "0"):
        return None
    minutes, _, leaves = written.partition("/")
    if not all(each.isascii() and each.isdigit() for each in (minutes, leaves)):
        raise Error("ZONARY_BATCH is minutes and leaves, such as 15/32, or 0.")
    found = int(minutes), int(leaves)
    if not (1 <= found[0] <= MAX_BATCH_MINUTES and 1 <= found[1] <= MAX_BATCH_LEAVES):
        raise Error(
            "ZONARY_BATCH is from 1 to {minutes} minutes, and from 1 to {leaves} leaves.",
            minutes=MAX_BATCH_MINUTES,
            leaves=MAX_BATCH_LEAVES,
        )
    return 60 * found[0], found[1]
