"""``zonary trust``: whom this user trusts."""

from __future__ import annotations

import argparse
import hashlib
import re
from pathlib import Path

from zonary.cli import trust_store
from zonary.common.language import _
from zonary.proof.errors import Error, MalformedError, UnsupportedError
from zonary.proof.trust import Trust

MAX_FETCHED = 1024 * 1024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = actions.add_parser("add", help=_("trust the keys in a trust file, or those a server shows now"))
    add.add_argument("source", metavar="FILE|URL")
    add.add_argument("--name", help=_("what to call it; by default the file's name or the server's"))
    show = actions.add_parser("list", help=_("tell all you trust; of one alone, print its trust file"))
    show.add_argument("name", nargs="?", help=_("only this one"))
    remove = actions.add_parser("remove", help=_("trust it no longer"))
    remove.add_argument("name")


def run(options: argparse.Namespace) -> int:
    actions = {"add": _add, "list": _list, "remove": _remove}
    return actions[options.action](options)


def _add(options: argparse.Namespace) -> int:
    source: str = options.source
    if source.startswith(("http://", "https://")):
        from zonary.cli.sealing.client import fetch_trust

        url = source.rstrip("/")
        pinning = trust_store.pin(url, fetch_trust(url))
        name = trust_store.name_for(url)
        before = _("“{name}” was trusted before.", name=name)
        print(_("Now trusted as “{name}”.", name=name) if pinning.fresh else before)
        if pinning.learned:
            print(learned_sentence(url, pinning))
        _describe(pinning.trust)
        return 0
    trust = trust_store.read_trust_file(Path(source))
    if trust.is_empty():
        raise MalformedError("{path} names no log and no timestamp authority.", path=source)
    name = options.name or Path(source).stem
    if not re.fullmatch(r"[\w.-]{1,80}", name) or name.startswith("."):
        raise Error(
            "“{name}” cannot be a name here: use at most 80 letters, digits, hyphens, underscores and dots.", name=name
        )
    if any(known.name == name for known in trust_store.pinned()):
        raise Error("“{name}” is taken; remove it first, or choose another with --name.", name=name)
    trust_store.refuse_conflict(name, trust)
    trust_store.save(name, trust, note=f"added from {Path(source).name}")
    print(_("Now trusted as “{name}”.", name=name))
    _describe(trust)
    return 0


def _list(options: argparse.Namespace) -> int:
    found = [known for known in trust_store.pinned() if options.name in (None, known.name)]
    if options.name and not found:
        raise Error("Nothing called “{name}” is trusted here. See “zonary trust list”.", name=options.name)
    if not found:
        print("# " + _("Nothing is trusted yet. “zonary seal” pins its server; “zonary trust add FILE” adds a file."))
        return 0
    for known in found:
        print(f"# {known.name}  ({known.path})")
        _describe(known.trust)
    if len(found) == 1:
        print(found[0].trust.encode().decode("utf-8"), end="")
    else:
        # Not as one file: a root counts for all logs of its file, and would vouch for times of other zones.
        print("# " + _("These are separate trust files; one of them is printed by “zonary trust list NAME”."))
    return 0


def _remove(options: argparse.Namespace) -> int:
    if not trust_store.forget(options.name):
        raise Error("Nothing called “{name}” is trusted here. See “zonary trust list”.", name=options.name)
    print(_("“{name}” is no longer trusted.", name=options.name))
    return 0


def learned_sentence(url: str, pinning: trust_store.Pinning) -> str:
    """What a user is told when the server at ``url`` showed keys that pinned ones endorse."""
    return _(
        "{url} shows further keys, which a key you trust endorses; they are trusted from now on: {ids}.",
        url=url,
        ids=", ".join(key.key_id.hex() for key in pinning.learned),
    )


def _describe(trust: Trust) -> None:
    for log in trust.logs:
        print("#   " + _("log “{name}”, key {id}", name=log.key.name, id=log.key.key_id.hex()))
    operators = dict(trust.timestamp_operators)
    for root in trust.timestamp_roots:
        fingerprint = hashlib.sha256(root).hexdigest()
        print("#   " + _("timestamp authority {name}, SHA-256 {print}", name=_subject(root), print=fingerprint))
        if root in operators:
            print("#     " + _("its operator: {operator}", operator=operators[root]))
    if trust.timestamps_required > 1:
        print("#   " + _("asks for the timestamps of {count} operators", count=trust.timestamps_required))
    for root in trust.certificate_signers:
        fingerprint = hashlib.sha256(root).hexdigest()
        print("#   " + _("signer of certificates {name}, SHA-256 {print}", name=_subject(root), print=fingerprint))
    for root in trust.certificate_roots:
        fingerprint = hashlib.sha256(root).hexdigest()
        print("#   " + _("root behind certificates {name}, SHA-256 {print}", name=_subject(root), print=fingerprint))


def _subject(der: bytes) -> str:
    from cryptography import x509

    try:
        return x509.load_der_x509_certificate(der).subject.rfc4514_string()
    except ValueError as error:
        raise UnsupportedError("A root in a trust file is not an X.509 certificate.") from error
