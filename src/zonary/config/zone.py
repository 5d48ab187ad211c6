"""Opening a data directory: what the first start makes, and what every start checks and writes anew.

To be used once Django is set up, by the one process that holds the directory's lock.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from zonary.common.clock import now
from zonary.common.verify_page import VerifyPageError, verify_page_digests
from zonary.config.database import one_at_a_time
from zonary.config.places import SESSION_SECRET, session_secret
from zonary.foundation.accounts.actions import issue_token
from zonary.foundation.accounts.queries import has_digest, has_token
from zonary.foundation.ledger.actors import SYSTEM
from zonary.foundation.ledger.authority import OWN, SM2, ensure_authority, renew_revocation_list
from zonary.foundation.ledger.certificate_signer import (
    certificate_roots,
    certificate_signers,
    ensure_certificate_signer,
    renew_certificate_revocations,
)
from zonary.foundation.ledger.errors import KeyMismatchError
from zonary.foundation.ledger.guard import unrecorded
from zonary.foundation.ledger.kept import KeptCheckpoints
from zonary.foundation.ledger.keys import LogKeys, make_keys, open_keys, stem_of
from zonary.foundation.ledger.layout import DataDirectory, log_folder, make_private_directory, write_durably
from zonary.foundation.ledger.logs import MAIN, OPEN, Log
from zonary.foundation.ledger.offered_page import offer_verify_page
from zonary.foundation.ledger.proofs import present_generation, second_store_of, store_of
from zonary.foundation.ledger.queries import log_status
from zonary.foundation.ledger.rotation import record_key_changes
from zonary.foundation.ledger.second_keys import SecondKeys, read_retired_keys
from zonary.foundation.ledger.second_tree import FOLDER, SecondTree, open_second_tree
from zonary.foundation.ledger.sources import EntrySource, LeafSource, OpenSource
from zonary.foundation.ledger.storage import CHECKPOINT, TileStore
from zonary.foundation.ledger.succession import predecessors, restore_predecessors, retire_predecessors
from zonary.proof.errors import Error
from zonary.proof.timestamp.certificates import Certificate
from zonary.proof.timestamp.development import load_certificates
from zonary.proof.tlog.endorsement import Endorsement, endorse
from zonary.proof.tlog.tiles import MissingResource
from zonary.proof.trust import Trust, TrustedLog

OPERATOR = "operator"
"""Who the first token makes its holder."""
_TOKEN = re.compile(r"[!-~]{20,256}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """An opened data directory.

    ``alone``: no other server can use its database, since that lies in the directory.
    """

    data: DataDirectory
    token: str
    logs: tuple[Log, ...]
    alone: bool


def open_zone(data: DataDirectory, *, url: str, origin: str | None, open_log: bool, at: datetime) -> Zone:
    """Make what is missing, check what is there; run again after a crash, it goes on where that was.

    :param url: where this server is reached; goes into the trust file.
    :param origin: the log's configured name, if it has one.
    :param open_log: whether the open log exists.
    :raises Error: when something does not belong together; nothing is overwritten then.
    """
    make_private_directory(data.path)
    migrate()
    logs = [open_main_log(data, origin)]
    retire_predecessors(data, present_generation(MAIN))
    make_session_secret(data)
    roots = []
    for of in (OWN, SM2) if settings.ZONARY_TIMESTAMPS.has_sm2 else (OWN,):
        roots.append(Certificate.load(load_certificates(ensure_authority(data, at, of).root_pem)[0]).der)
        renew_revocation_list(data, at, of)
    ensure_certificate_signer(data, at, url=url)
    renew_certificate_revocations(data, at)
    write_durably(data.trust, _trust(data, url, logs[0].keys, roots, logs[0].second).encode(), mode=0o644)
    with one_at_a_time():
        record_key_changes(data, by=SYSTEM, at=at)
        restore_predecessors(data)
    if open_log:
        # Anyone may add to the open log, so its key never stands in the zone's trust file.
        logs.append(_log(data, OPEN, OpenSource(), None))
        vkey = logs[1].keys.verifiers[0].encode() + "\n"
        write_durably(data.open_log_vkey, vkey.encode("ascii"), mode=0o644)
    token = _token(data, at)
    with one_at_a_time():
        _offer_verify_page(at)
    return Zone(data=data, token=token, logs=tuple(logs), alone=connection.vendor == "sqlite")


def _offer_verify_page(at: datetime) -> None:
    """On record before anybody can fetch it; a server without a built page does not start anyway."""
    try:
        digests = verify_page_digests()
    except VerifyPageError:
        return
    offer_verify_page(digests, release=version("zonary"), at=at)


def make_session_secret(data: DataDirectory) -> None:
    """What signs sessions and mailed links: without it every restart would sign everybody out."""
    make_private_directory(data.keys)
    if not session_secret(data):
        write_durably(data.keys / SESSION_SECRET, secrets.token_urlsafe(48).encode("ascii") + b"\n")
    settings.SECRET_KEY = session_secret(data)


def hold_clock() -> None:
    """Doubt the clock of this process until it has passed the last checkpoint that was signed, before it is asked."""
    status = log_status(MAIN)
    if status is not None:
        now.hold_until(status.signed_at)


def migrate() -> None:
    """Bring the database up to this release; of servers that share one, one does so at a time."""
    with one_at_a_time(), unrecorded("tables take another shape; what they hold stays what it was"):
        call_command("migrate", verbosity=0, interactive=False)


def open_main_log(data: DataDirectory, origin: str | None = None) -> Log:
    """The present generation of the zone's own log, whose keys are made at first start.

    :raises KeyMismatchError: when its keys are missing, or are another log's.
    """
    log = _log(data, MAIN, EntrySource(), origin)
    if not log.keys.signers:
        raise KeyMismatchError(
            "Every key of the log “{origin}” is retired: the database is older than the log's end. Put a newer one "
            "back; if there is none, type: zonary keys succeed --abandon",
            origin=log.keys.origin,
        )
    return log


def _trust(
    data: DataDirectory, url: str, present: LogKeys, built_in: Sequence[bytes], second: SecondTree | None
) -> Trust:
    """The trust file: the present log first, then those before it, whose proofs stay valid."""
    every = [(present_generation(MAIN), present), *predecessors(data)]
    logs = [TrustedLog(key, f"{url}/{log_folder(MAIN, number)}") for number, keys in every for key in keys.verifiers]
    endorsements = [Endorsement.parse(note) for _number, keys in every for note in keys.endorsements]
    for number, second_keys in _second_keys(data, every, second):
        logs += [TrustedLog(key, f"{url}/{log_folder(MAIN, number)}/{FOLDER}") for key in second_keys.verifiers]
        endorsements += [Endorsement.parse(note) for note in second_keys.endorsements]
        # Whoever pinned the log before it had a second tree learns its keys from these.
        endorsements += [Endorsement.parse(endorse(key, present.signers)) for key in second_keys.verifiers]
    # Both authorities of this server have one operator, who signs this log; several roots of another are one authority.
    operators = dict.fromkeys(built_in, present.origin)
    for each in settings.ZONARY_TIMESTAMPS.external:
        operators |= {der: each.operator or each.name for der in each.roots if der not in operators}
    return Trust(
        logs=tuple(logs),
        timestamp_roots=tuple(operators),
        timestamp_operators=tuple(operators.items()),
        certificate_roots=certificate_roots(data),
        certificate_signers=certificate_signers(data),
        endorsements=tuple(endorsements),
    )


def _second_keys(
    data: DataDirectory, logs: Sequence[tuple[int, LogKeys]], second: SecondTree | None
) -> Iterator[tuple[int, SecondKeys]]:
    """Those of the present log's second tree, while it has one, and of the logs before it, whose proofs stay valid."""
    if second is not None:
        yield logs[0][0], second.keys
    for number, keys in logs[1:]:
        found = read_retired_keys(data.keys, stem_of(MAIN, number), keys.origin)
        if found.every:
            yield number, found


def _log(data: DataDirectory, name: str, source: LeafSource, origin: str | None) -> Log:
    stem = stem_of(name, present_generation(name))
    store = store_of(name)
    keys = open_keys(data.keys, stem, origin=origin, post_quantum=name == MAIN)
    if keys is None:
        if log_status(name) is not None or _is_published(store):
            raise KeyMismatchError(
                "The log in {path} exists, but its signing key {key} is missing. Put the key back from a backup; "
                "without it the log cannot go on.",
                path=str(data.path),
                key=str(data.keys / f"{stem}.skey"),
            )
        keys = _new_keys(data, stem, origin, post_quantum=name == MAIN)
    second = None
    if name == MAIN and settings.ZONARY_SECOND_TREE:
        second = open_second_tree(data.keys, stem, keys, second_store_of(name))
    kept = KeptCheckpoints(settings.ZONARY_KEPT)
    return Log(name=name, source=source, store=store, keys=keys, kept=kept, second=second)


def _is_published(store: TileStore) -> bool:
    try:
        store.read(CHECKPOINT)
    except MissingResource:
        return False
    return True


def _new_keys(data: DataDirectory, stem: str, origin: str | None, *, post_quantum: bool) -> LogKeys:
    try:
        return make_keys(data.keys, stem, origin=origin, post_quantum=post_quantum)
    except Error as error:
        raise KeyMismatchError(
            "The log cannot be called “{name}”: {reason}", name=origin or "", reason=error
        ) from error


def _token(data: DataDirectory, at: datetime) -> str:
    """The operator's token, made at first start; one put into the file by hand counts from the next start on."""
    if not data.token.exists():
        if connection.vendor != "sqlite" and has_token(OPERATOR):
            raise KeyMismatchError(
                "Another server of this database has issued the operator's token, and {path} is missing here. Copy the "
                "file “token” and the folder “keys” from that server's data directory.",
                path=str(data.token),
            )
        write_durably(data.token, secrets.token_urlsafe(32).encode("ascii") + b"\n", replace=False)
    token = data.token.read_text("utf-8", "replace").strip()
    if not _TOKEN.fullmatch(token):
        raise KeyMismatchError(
            "{path} holds no access token: one line of 20 to 256 characters without spaces. Remove the file, and a new "
            "one is made.",
            path=str(data.token),
        )
    # A crash before this leaves a token that opens nothing yet; it is issued here, at the next start.
    if not has_digest(token):
        issue_token(token, by=SYSTEM, owner=OPERATOR, at=at)
    return token
