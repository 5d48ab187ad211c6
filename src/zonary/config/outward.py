"""What the doctor says of connections to other machines, and of settings nobody knows; and the connections that the
settings themselves tell of. Parts with more of them name theirs when they are loaded (zonary.common.outward).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from django.conf import settings

from zonary.common.outward import OutwardConnection, name_outward, outward_connections
from zonary.config.configuration import unknown_names
from zonary.config.internal_names import INTERNAL
from zonary.foundation.ledger.checkup import Finding, Severity
from zonary.foundation.notifications.queries import webhook_addresses
from zonary.proof.errors import Noun, Nouns
from zonary.proof.package.report import Sentence


def _mail() -> list[str]:
    return [f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"] if settings.ZONARY_SENDS_MAIL else []


def _identity_providers() -> list[str]:
    apps = getattr(settings, "SOCIALACCOUNT_PROVIDERS", {}).get("openid_connect", {}).get("APPS", [])
    return [urlsplit(app["settings"]["server_url"]).netloc for app in apps]


def _database() -> list[str]:
    database = settings.DATABASES["default"]
    host = database.get("HOST", "")
    if not database["ENGINE"].endswith("postgresql") or not host or host.startswith("/"):
        return []
    return [f"{host}:{database['PORT'] or 5432}"]


def _object_store() -> list[str]:
    addresses = [address for address in (settings.ZONARY_STORE, settings.ZONARY_DOCUMENT_STORE) if "://" in address]
    if not addresses:
        return []
    endpoint = os.environ.get("ZONARY_S3_ENDPOINT", "")
    place = urlsplit(endpoint).netloc.rpartition("@")[2] if endpoint else "amazonaws.com"
    return [f"{place} ({address})" for address in addresses]


def _capture() -> list[str]:
    return ["*"] if getattr(settings, "ZONARY_CAPTURE", False) else []


def _messenger() -> list[str]:
    url = os.environ.get("ZONARY_MESSENGER_URL", "")
    return [urlsplit(url).netloc.rpartition("@")[2]] if url else []


def _clock() -> list[str]:
    return [each.name for each in settings.ZONARY_CLOCK.sources]


def _timestamps() -> list[str]:
    return [each.place for each in settings.ZONARY_TIMESTAMPS.external]


def name_own() -> None:
    """Name those that are told from the settings alone."""
    for name, what, targets in (
        ("capture", Noun("capturing the web pages people name"), _capture),
        ("clock", Noun("comparing the clock with time sources"), _clock),
        ("database", Noun("the database, PostgreSQL"), _database),
        ("mail", Noun("mail"), _mail),
        ("messenger", Noun("messages by SMS or 企业微信"), _messenger),
        ("object-store", Noun("the object store"), _object_store),
        ("single-sign-on", Noun("identity providers for single sign-on"), _identity_providers),
        ("timestamps", Noun("timestamps of other authorities"), _timestamps),
        ("webhooks", Noun("webhooks, to addresses that organisations chose"), webhook_addresses),
    ):
        name_outward(OutwardConnection(name, what, targets))


def check_outward() -> Iterator[Finding]:
    """Every connection to another machine that is switched on, and one line about those that are not."""
    name_own()
    off = []
    for connection in outward_connections():
        targets = connection.targets()
        if not targets:
            off.append(connection.what)
            continue
        yield Finding(
            "outward",
            Severity.OK,
            Sentence(
                "This server connects to other machines for {what}: {targets}.",
                {"what": connection.what, "targets": ", ".join(targets)},
            ),
        )
    if off:
        yield Finding(
            "outward",
            Severity.OK,
            Sentence("Switched off, so that nothing is connected to: {names}.", {"names": _together(off)}),
        )


def _together(names: Sequence[Noun]) -> Noun:
    first, *others = names
    return Nouns(first=first, others=_together(others)) if others else first


def check_settings() -> Iterator[Finding]:
    """Names in the environment that look like settings and are none."""
    unknown = unknown_names(os.environ, INTERNAL)
    for name, nearest in unknown:
        yield Finding(
            "settings",
            Severity.WARNING,
            Sentence("{name} in the environment is no setting.", {"name": name}),
            Sentence("Is {nearest} meant?", {"nearest": nearest}) if nearest else None,
        )
    if not unknown:
        yield Finding("settings", Severity.OK, Sentence("Every setting in the environment is known."))
