"""``zonary keys``: the keys a server signs with, on the machine where they lie. Never prints a secret.

All but ``show`` need the server stopped. What they change is told in the log when it is started again.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from zonary.cli.data_directory import locked, open_django
from zonary.common.clock import now
from zonary.common.language import _
from zonary.foundation.ledger.layout import DataDirectory
from zonary.proof.errors import Error

if TYPE_CHECKING:
    from zonary.foundation.ledger.keys import KeyPair
    from zonary.foundation.ledger.logs import Log


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    every = [
        actions.add_parser("show", help=_("which keys sign and which are retired; never a secret")),
        actions.add_parser("rotate-log", help=_("make the next key of the log, which signs beside the present ones")),
        actions.add_parser("retire-log", help=_("let the oldest key of the log sign no longer, and destroy it")),
        actions.add_parser("rotate-timestamp", help=_("make the next key of the timestamp authority, under its root")),
        actions.add_parser(
            "rotate-second", help=_("make the next SM2 key of the second tree, which signs beside the present ones")
        ),
        actions.add_parser(
            "retire-second", help=_("let the oldest key of the second tree sign no longer, and destroy it")
        ),
    ]
    timestamp = every[3]
    request = actions.add_parser(
        "request-certificate", help=_("make a key to sign certificates, and a request to a CA")
    )
    install = actions.add_parser("install-certificate", help=_("sign certificates by the key that a CA has certified"))
    succeed = actions.add_parser("succeed", help=_("end the log and begin its successor"))
    every += [request, install, succeed]
    for action in every:
        action.add_argument("--data", metavar="DIR", default="./var", help=_("data directory of the server"))
    timestamp.add_argument("--sm2", action="store_true", help=_("of the one that signs with SM2"))
    request.add_argument("--name", metavar="NAME", required=True, help=_("who signs, as certificates name them"))
    install.add_argument("chain", metavar="CHAIN", help=_("PEM file: the signer's certificate first, the root last"))
    install.add_argument(
        "--crl", metavar="FILE", action="append", default=[], help=_("a revocation list of the CA, DER")
    )
    succeed.add_argument("--origin", metavar="NAME", help=_("name of the successor; random without it"))
    succeed.add_argument(
        "--abandon",
        action="store_true",
        help=_("even if the log cannot be brought to its end: its keys are lost, or an older backup was put back"),
    )


def run(options: argparse.Namespace) -> int:
    data = DataDirectory(Path(options.data).absolute())
    if not data.path.is_dir():
        raise Error("There is no directory {path}.", path=str(data.path))
    if options.action == "show":
        from zonary.cli.key_list import show

        return show(data)
    actions = {
        "rotate-log": _rotate_log,
        "retire-log": _retire_log,
        "rotate-timestamp": _rotate_timestamp,
        "rotate-second": _rotate_second,
        "retire-second": _retire_second,
        "request-certificate": _request_certificate,
        "install-certificate": _install_certificate,
        "succeed": _succeed,
    }
    with _at_rest(data):
        actions[options.action](data, options)
    if _is_shared():
        print(_("Stop every other server of this database, and copy the folder {path} to it.", path=str(data.keys)))
    print(_("Now start the server: zonary serve --data {path}", path=str(data.path)))
    return 0


@contextmanager
def _at_rest(data: DataDirectory) -> Iterator[None]:
    """The directory held, its database open and brought up to date, and no server using either."""
    if not (data.keys.is_dir() or data.database.exists()):
        raise Error(
            "{path} holds no server's data. Name the data directory with --data; the first zonary serve makes it.",
            path=str(data.path),
        )
    if data.path.stat().st_uid != os.geteuid():
        # Files of ours the server could not read.
        raise Error("{path} belongs to another user. Type this as the user who runs the server.", path=str(data.path))
    with locked(data):
        os.umask(0o077)
        open_django(data)
        from django.db import DatabaseError, connection

        from zonary.config.zone import hold_clock, migrate
        from zonary.foundation.ledger.logs import MAIN
        from zonary.foundation.ledger.queries import log_status

        try:
            migrate()
            hold_clock()
            if log_status(MAIN) is None:
                raise Error(
                    "{path} holds no log yet. Start the server once: zonary serve --data {path}", path=str(data.path)
                )
            yield
        except DatabaseError as error:
            raise Error(
                "The database {path} cannot be used: {reason}.",
                path=str(data.database) if connection.vendor == "sqlite" else "PostgreSQL",
                reason=str(error).strip().rstrip("."),
            ) from error


@contextmanager
def _lead() -> Iterator[int]:
    """The lead of the log, so that no server on another machine moves it meanwhile; the epoch to lead under."""
    from zonary.foundation.ledger.leadership import claim, release
    from zonary.foundation.ledger.logs import MAIN

    epoch = claim(MAIN, "zonary keys", alone=not _is_shared())
    if epoch is None:
        raise Error(
            "Another server of this database leads the log. Stop all of them; of one that crashed, the lead ends "
            "within some seconds."
        )
    try:
        yield epoch
    finally:
        release(MAIN, epoch)


def _is_shared() -> bool:
    from django.db import connection

    return connection.vendor != "sqlite"


def _rotate_log(data: DataDirectory, _options: argparse.Namespace) -> None:
    from zonary.config.zone import open_main_log
    from zonary.foundation.ledger.actors import SYSTEM
    from zonary.foundation.ledger.rotation import rotate_log_key

    with _lead():
        pair = rotate_log_key(data, open_main_log(data), by=SYSTEM, at=now.last_trusted())
    print(
        _(
            "The log gets the key {ids}, and is signed by it beside the present ones. Keep both until your users have "
            "fetched the trust file again; then type: zonary keys retire-log",
            ids=_ids(pair),
        )
    )


def _retire_log(data: DataDirectory, _options: argparse.Namespace) -> None:
    from zonary.config.zone import open_main_log
    from zonary.foundation.ledger.actors import SYSTEM
    from zonary.foundation.ledger.rotation import retire_log_key

    with _lead():
        pair = retire_log_key(data, open_main_log(data), by=SYSTEM, at=now.last_trusted())
    print(_("The key {ids} is retired and its secret destroyed, here; destroy copies of it too.", ids=_ids(pair)))


def _rotate_timestamp(data: DataDirectory, options: argparse.Namespace) -> None:
    from zonary.foundation.ledger.actors import SYSTEM
    from zonary.foundation.ledger.authority import OWN, SM2, built_in
    from zonary.foundation.ledger.rotation import rotate_timestamp_key

    of = SM2 if options.sm2 else OWN
    if of not in built_in(data):
        raise Error(
            "{path} has no timestamp authority that signs with SM2. Name it in the file of authorities and start the "
            "server once.",
            path=str(data.path),
        )
    with _lead():
        rotate_timestamp_key(data, by=SYSTEM, at=now.last_trusted(), of=of)
    print(_("The timestamp authority has a new key under the same root; the old one is destroyed, here."))


def _rotate_second(data: DataDirectory, _options: argparse.Namespace) -> None:
    from zonary.config.zone import open_main_log
    from zonary.foundation.ledger.actors import SYSTEM
    from zonary.foundation.ledger.rotation import rotate_second_key

    with _lead():
        key = rotate_second_key(data, open_main_log(data), by=SYSTEM, at=now.last_trusted())
    print(
        _(
            "The second tree gets the key {id}, and is signed by it beside the present ones. Keep both until your "
            "users have fetched the trust file again; then type: zonary keys retire-second",
            id=key.verifier.key_id.hex(),
        )
    )


def _retire_second(data: DataDirectory, _options: argparse.Namespace) -> None:
    from zonary.config.zone import open_main_log
    from zonary.foundation.ledger.actors import SYSTEM
    from zonary.foundation.ledger.rotation import retire_second

    with _lead():
        key = retire_second(data, open_main_log(data), by=SYSTEM, at=now.last_trusted())
    ids = key.verifier.key_id.hex()
    print(_("The key {ids} is retired and its secret destroyed, here; destroy copies of it too.", ids=ids))


def _request_certificate(data: DataDirectory, options: argparse.Namespace) -> None:
    from zonary.foundation.ledger.certificate_signer import request_signer

    print(request_signer(data, options.name).decode("ascii"), end="")
    print(_("Send this request to your certification authority; then type: zonary keys install-certificate"))


def _install_certificate(data: DataDirectory, options: argparse.Namespace) -> None:
    from zonary.foundation.ledger.actors import SYSTEM
    from zonary.foundation.ledger.certificate_signer import install_signer
    from zonary.foundation.ledger.rotation import record_key_changes

    at = now.last_trusted()
    with _lead():
        install_signer(data, Path(options.chain).read_bytes(), [Path(each).read_bytes() for each in options.crl], at)
        record_key_changes(data, by=SYSTEM, at=at)
    print(_("Evidence certificates are signed by the key in that certificate. Hand out the trust file again."))


def _succeed(data: DataDirectory, options: argparse.Namespace) -> None:
    from django.conf import settings

    from zonary.foundation.ledger.actors import SYSTEM
    from zonary.foundation.ledger.kept import KeptCheckpoints
    from zonary.foundation.ledger.succession import Succession, succeed
    from zonary.proof.trust import parse_trust

    wanted = Succession(
        data=data,
        kept=KeptCheckpoints(settings.ZONARY_KEPT),
        origin=options.origin,
        known=parse_trust(data.trust.read_bytes()).log_keys if data.trust.exists() else (),
        by=SYSTEM,
        at=now.last_trusted(),
    )
    with _lead() as epoch:
        finished = _finish(data, epoch, abandon=options.abandon)
        done = succeed(wanted, abandon=not finished)
    print(
        _(
            "The log “{before}” has ended with {size} entries; “{origin}” goes on and names its last checkpoint in its "
            "first entry. Hand out the trust file again once the server runs.",
            before=done.predecessor.origin,
            size=done.predecessor.size,
            origin=done.origin,
        )
    )
    if done.lost:
        print(
            _(
                "{count} entries of the old log are not in this database. They are lost to this zone: only those who "
                "hold their packages can still prove them.",
                count=done.lost,
            )
        )


def _finish(data: DataDirectory, epoch: int, *, abandon: bool) -> bool:
    """Bring the log to its end; whether that was done, which ``abandon`` lets be.

    :raises Error: when it cannot be done and is not to be abandoned.
    """
    from dataclasses import replace

    from zonary.config.zone import open_main_log
    from zonary.foundation.ledger.errors import LedgerError
    from zonary.foundation.ledger.succession import finish

    try:
        log: Log = open_main_log(data)
        finish(replace(log, epoch=epoch), now.last_trusted())
    except LedgerError as error:
        if abandon:
            return False
        raise Error(
            "The log cannot be brought to its end: {reason} If nothing better can be put back, add --abandon.",
            reason=error,
        ) from error
    return True


def _ids(pair: KeyPair) -> str:
    return ", ".join(key.key_id.hex() for key in pair.verifiers)
