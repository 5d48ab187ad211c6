"""``zonary keys show``: what lies in a server's ``keys/``, without its secrets."""

from __future__ import annotations

import hashlib
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from zonary.common.clock import rfc3339
from zonary.common.language import _
from zonary.foundation.ledger.keys import KeyPair, read_pairs
from zonary.foundation.ledger.layout import DataDirectory
from zonary.proof.errors import Error
from zonary.proof.tlog.keys import ED25519

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_STEM = re.compile(r"((?:open)?log)(?:-g([1-9][0-9]*))?(?:\.[0-9]+)?\.[sv]key")


def show(data: DataDirectory) -> int:
    """Print the keys of every log and of the timestamp authority. Nothing is changed, and the server may run.

    :raises Error: when there are none, or one cannot be read.
    """
    stems = _stems(data.keys)
    if not stems:
        raise Error("{path} holds no keys yet; the first zonary serve makes them.", path=str(data.keys))
    for stem in stems:
        pairs = read_pairs(data.keys, stem)
        print(_("log “{name}”, key files {stem}*", name=pairs[0].verifiers[0].name, stem=stem))
        for line in (line for pair in pairs for line in _lines(pair)):
            print(line)
        signing = sum(1 for pair in pairs if pair.signers)
        if signing > 1:
            print("  " + _("{count} pairs sign at the same time; retire-log ends the overlap", count=signing))
        _show_second(data.keys, stem, pairs[0].verifiers[0].name)
    _show_authorities(data)
    _show_certificate_signer(data)
    return 0


def _show_second(keys: Path, stem: str, origin: str) -> None:
    from zonary.foundation.ledger.second_keys import read_retired_keys, read_second_keys, stem_of_second
    from zonary.proof import sm2

    found = (read_second_keys if sm2.available() else read_retired_keys)(keys, stem, origin)
    if not found.every:
        return
    print(_("second tree “{name}”, key files {stem}*", name=found.every[0].verifier.name, stem=stem_of_second(stem)))
    for key in found.every:
        for line in _key_lines(
            key.place.secret() if key.signer else key.place.public(),
            _("signs") if key.signer else _("retired"),
            f"SM2 {key.verifier.key_id.hex()}",
            hashlib.sha256(key.verifier.public_key).hexdigest(),
        ):
            print(line)
    if len(found.signers) > 1:
        count = len(found.signers)
        print("  " + _("{count} keys sign at the same time; retire-second ends the overlap", count=count))


def _stems(keys: Path) -> list[str]:
    """Every log there are keys of, the latest generation first."""
    names = [path.name for path in keys.iterdir()] if keys.is_dir() else []
    found = {(match[1], int(match[2] or 1)) for match in map(_STEM.fullmatch, names) if match}
    ordered = sorted(found, key=lambda each: (each[0], -each[1]))
    return [name if generation == 1 else f"{name}-g{generation}" for name, generation in ordered]


def _lines(pair: KeyPair) -> Iterator[str]:
    for key in pair.verifiers:
        post_quantum = key.kind != ED25519
        place = pair.place
        path = place.secret(post_quantum=post_quantum) if pair.signers else place.public(post_quantum=post_quantum)
        yield from _key_lines(
            path,
            _("signs") if pair.signers else _("retired"),
            f"{'ML-DSA-44' if post_quantum else 'Ed25519'} {key.key_id.hex()}",
            hashlib.sha256(key.public_key).hexdigest(),
        )


def _key_lines(path: Path, state: str, key: str, fingerprint: str) -> Iterator[str]:
    mode = stat.S_IMODE(path.stat().st_mode)
    yield f"  {path.name}  {state}  {key}  " + _("mode {mode}", mode=f"{mode:o}")
    yield f"    SHA-256 {fingerprint}"
    if path.suffix in (".skey", ".key", ".pem") and mode & 0o077:
        yield "    " + _("open to other users; type: chmod 600 {path}", path=str(path))


def _show_authorities(data: DataDirectory) -> None:
    from zonary.foundation.ledger.authority import SM2, built_in, signer_files

    for of in built_in(data):
        root, *signers = signer_files(data, of)
        if root.exists():
            print(_("timestamp authority (SM2)") if of is SM2 else _("timestamp authority"))
            _show_authority(root, signers)


def _show_authority(root: Path, signers: list[Path]) -> None:
    for path in (root, *signers):
        secret = path.with_suffix(".key")
        state = _("signs") if secret.exists() else _("retired")
        certificate = _certificate(path)
        until = _("until {time}", time=rfc3339(certificate.not_valid_after_utc))
        name = certificate.subject.rfc4514_string()
        for line in _key_lines(
            secret if secret.exists() else path, state, f"{name} {until}", _fingerprint(certificate)
        ):
            print(line)


def _show_certificate_signer(data: DataDirectory) -> None:
    chain, secret = data.keys / "certificate.pem", data.keys / "certificate.key"
    if not chain.exists() or not secret.exists():
        return
    print(_("signer of evidence certificates"))
    certificate = _certificate(chain)
    until = _("until {time}", time=rfc3339(certificate.not_valid_after_utc))
    name = certificate.subject.rfc4514_string()
    for line in _key_lines(secret, _("signs"), f"{name} {until}", _fingerprint(certificate)):
        print(line)


def _certificate(path: Path) -> Certificate:
    from zonary.proof.timestamp.development import load_certificates

    return load_certificates(path.read_bytes())[0]


def _fingerprint(certificate: Certificate) -> str:
    from cryptography.hazmat.primitives.hashes import SHA256

    return certificate.fingerprint(SHA256()).hex()
