"""Changing keys while a log goes on: the next one signs beside the last for a while, then the last is retired.

The files in ``keys/`` say which keys sign. The acts that tell of a change follow them: each is recorded once, by the
command that made the change or, after a crash, by the next start.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime

from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings

from zonary.foundation.ledger.actors import Actor
from zonary.foundation.ledger.acts import Event
from zonary.foundation.ledger.authority import OWN, BuiltIn, built_in, rotate_signer, signer_files, signer_number
from zonary.foundation.ledger.certificate_signer import installed_signer
from zonary.foundation.ledger.errors import LedgerError
from zonary.foundation.ledger.events import CertificateSignerInstalled, KeyRetired, KeyRotated, TimestampKeyRotated
from zonary.foundation.ledger.keys import (
    KeyPair,
    KeyPlace,
    new_signing_key,
    open_keys,
    read_pairs,
    retire_pair,
    stem_of,
    write_key,
)
from zonary.foundation.ledger.layout import DataDirectory
from zonary.foundation.ledger.logs import MAIN, Log
from zonary.foundation.ledger.proofs import present_generation
from zonary.foundation.ledger.queries import entries_by_key
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.ledger.second_keys import (
    SecondKey,
    make_second_key,
    open_second_keys,
    read_second_keys,
    retire_second_key,
)
from zonary.foundation.ledger.second_tree import SecondTree
from zonary.foundation.ledger.storage import Step, no_step
from zonary.proof import sm2
from zonary.proof.timestamp.certificates import Certificate
from zonary.proof.timestamp.development import load_certificates
from zonary.proof.tlog.keys import VerifierKey

MAX_SIGNING = 4
"""Pairs that sign at the same time: each makes every checkpoint and every proof longer."""


class RotationError(LedgerError):
    """Keys cannot be changed now."""


def rotate_log_key(data: DataDirectory, log: Log, *, by: Actor, at: datetime, step: Step = no_step) -> KeyPair:
    """Give ``log`` a further pair of keys; from the next start on it signs beside those there are.

    A crash after the first of its files leaves a pair that signs, and the next start makes and records the rest.

    :raises RotationError: when too many sign already.
    """
    stem = _stem(log)
    pairs = read_pairs(data.keys, stem)
    if len([pair for pair in pairs if pair.signers]) >= MAX_SIGNING:
        raise RotationError(
            "{count} pairs of keys sign this log already. Retire the oldest first: zonary keys retire-log.",
            count=MAX_SIGNING,
        )
    place = KeyPlace(data.keys, stem, len(pairs) + 1)
    step("new log key")
    write_key(place.secret(), new_signing_key(log.keys.origin))
    step("new log key written")
    open_keys(data.keys, stem, origin=log.keys.origin)
    step("new log key endorsed")
    record_key_changes(data, by=by, at=at)
    return read_pairs(data.keys, stem)[-1]


def retire_log_key(data: DataDirectory, log: Log, *, by: Actor, at: datetime, step: Step = no_step) -> KeyPair:
    """Have the oldest pair of ``log`` sign no longer, and destroy its secrets.

    A crash leaves the pair signing, or retired with secrets that the next start destroys.

    :returns: the pair, as it was.
    :raises RotationError: when no other pair signs, or readers have not seen the newest sign.
    """
    stem = _stem(log)
    signing = [pair for pair in read_pairs(data.keys, stem) if pair.signers]
    if len(signing) < 2:
        raise RotationError(
            "Only one pair of keys signs this log; without it the log would end. Make the next first: zonary keys "
            "rotate-log."
        )
    oldest, newest = signing[0], signing[-1]
    if oldest.place.secret(post_quantum=True).exists() and len(oldest.signers) < 2:
        raise RotationError(
            "{path} cannot be read by this installation, whose library has no ML-DSA-44; retire the pair where it can.",
            path=str(oldest.place.secret(post_quantum=True)),
        )
    published = log.published()
    if published is None or not set(newest.verifiers) <= set(published.verified):
        raise RotationError(
            "No published checkpoint is signed by the newest key yet. Start the server, let it publish, give your "
            "users time to fetch the trust file, then stop it and type this again."
        )
    step("before retirement")
    retire_pair(oldest)
    step("log key retired")
    record_key_changes(data, by=by, at=at)
    return oldest


def rotate_second_key(data: DataDirectory, log: Log, *, by: Actor, at: datetime, step: Step = no_step) -> SecondKey:
    """Give the second tree of ``log`` a further key; from the next start on it signs beside those there are.

    A crash after the first of its files leaves a key that signs, and the next start makes and records the rest.

    :raises RotationError: when there is no second tree, or too many sign already.
    """
    if len(_second_of(log).keys.signers) >= MAX_SIGNING:
        raise RotationError(
            "{count} keys sign this second tree already. Retire the oldest first: zonary keys retire-second.",
            count=MAX_SIGNING,
        )
    step("new key of the second tree")
    make_second_key(data.keys, _stem(log))
    step("new key of the second tree written")
    made = open_second_keys(data.keys, _stem(log), log.keys).every[-1]
    step("new key of the second tree endorsed")
    record_key_changes(data, by=by, at=at)
    return made


def retire_second(data: DataDirectory, log: Log, *, by: Actor, at: datetime, step: Step = no_step) -> SecondKey:
    """Have the oldest key of the second tree of ``log`` sign no longer, and destroy its secret.

    :returns: the key, as it was.
    :raises RotationError: when there is no second tree, no other key signs, or readers have not seen the newest sign.
    """
    tree = _second_of(log)
    signing = [key for key in tree.keys.every if key.signer]
    if len(signing) < 2:
        raise RotationError(
            "Only one key signs this second tree; without it the tree would end. Make the next first: zonary keys "
            "rotate-second."
        )
    oldest, newest = signing[0], signing[-1]
    published = tree.published()
    if published is None or newest.verifier not in published.verified:
        raise RotationError(
            "No published checkpoint is signed by the newest key yet. Start the server, let it publish, give your "
            "users time to fetch the trust file, then stop it and type this again."
        )
    step("before retirement")
    retire_second_key(oldest)
    step("key of the second tree retired")
    record_key_changes(data, by=by, at=at)
    return oldest


def _second_of(log: Log) -> SecondTree:
    if log.second is None:
        raise RotationError("This zone has no second tree; ZONARY_SECOND_TREE=1 gives it one.")
    return log.second


def rotate_timestamp_key(
    data: DataDirectory, *, by: Actor, at: datetime, step: Step = no_step, of: BuiltIn = OWN
) -> None:
    """Give a timestamp authority a new key under its root, and record it; see :func:`authority.rotate_signer`."""
    rotate_signer(data, at, step, of)
    step("timestamp key rotated")
    record_key_changes(data, by=by, at=at)


def record_key_changes(data: DataDirectory, *, by: Actor, at: datetime) -> None:
    """Record what the files in ``keys/`` say of changes and no act says yet; nothing when there is nothing."""
    changes = dict(_changes(data))
    missing = {key: changes[key] for key in changes.keys() - entries_by_key(by, changes).keys()}
    for key in (key for key in changes if key in missing):
        _record_change(missing[key], key, by=by, at=at)


@action
def _record_change(event: Event, key: str, *, by: Actor, at: datetime) -> None:
    record(event, by=by, at=at, key=key)


def _changes(data: DataDirectory) -> Iterator[tuple[str, Event]]:
    """What the files say, each change under the idempotency key of its act, in the order in which it was made."""
    stem = stem_of(MAIN, present_generation(MAIN))
    pairs = read_pairs(data.keys, stem)
    yield from _changes_of([(pair.verifiers, bool(pair.signers)) for pair in pairs])
    if settings.ZONARY_SECOND_TREE and sm2.available():
        second = read_second_keys(data.keys, stem, pairs[0].verifiers[0].name).every
        yield from _changes_of([((key.verifier,), key.signer is not None) for key in second])
    for of in (each for each in built_in(data) if signer_number(data, each) > 1):
        certificates = signer_files(data, of)
        root, signer = (
            hashlib.sha256(Certificate.load(load_certificates(path.read_bytes())[0]).der).hexdigest()
            for path in (certificates[0], certificates[-1])
        )
        yield f"{TimestampKeyRotated.kind}/{signer}", TimestampKeyRotated(certificate_sha256=signer, root_sha256=root)
    installed = installed_signer(data)
    if installed is not None:
        first, last = (hashlib.sha256(each.public_bytes(Encoding.DER)).hexdigest() for each in installed)
        event_of_it = CertificateSignerInstalled(certificate_sha256=first, root_sha256=last)
        yield f"{CertificateSignerInstalled.kind}/{first}", event_of_it


def _changes_of(keys: Sequence[tuple[tuple[VerifierKey, ...], bool]]) -> Iterator[tuple[str, Event]]:
    """:param keys: of one tree, the oldest first, those that change together; and whether they sign."""
    signing = [key.encode() for verifiers, signs in keys if signs for key in verifiers]
    for (first, *_others), _signs in keys[1:]:
        yield f"{KeyRotated.kind}/{_digest(first)}", KeyRotated(origin=first.name, keys=signing)
    for verifiers, signs in keys:
        if not signs:
            retired = [key.encode() for key in verifiers]
            event = KeyRetired(origin=verifiers[0].name, retired=retired, keys=signing)
            yield f"{KeyRetired.kind}/{_digest(verifiers[0])}", event


def _digest(key: VerifierKey) -> str:
    return hashlib.sha256(key.encode().encode()).hexdigest()


def _stem(log: Log) -> str:
    return stem_of(log.name, present_generation(log.name))
