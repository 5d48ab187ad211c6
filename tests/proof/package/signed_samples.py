"""Packages whose tokens and checkpoints are signed in every way there is, rightly and wrongly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from tests.proof.package.factory import NOW, Zone, changed, members
from tests.proof.package.sample import Sample
from tests.proof.timestamp import factory as stamps
from tests.proof.timestamp.factory import Forgery, Holder

from zonary.proof.timestamp import algorithms
from zonary.proof.timestamp.der import OCTET_STRING, SEQUENCE, tlv
from zonary.proof.tlog.checkpoint import Checkpoint, sign_checkpoint
from zonary.proof.tlog.cosignature import MlDsaSigningKey, ed25519_message
from zonary.proof.tlog.keys import ED25519_COSIGNATURE, NoteSignature, SigningKey, VerifierKey
from zonary.proof.tlog.proof import TlogProof
from zonary.proof.trust import Group, Trust, TrustedLog, Witness


@dataclass(frozen=True)
class Cosigner:
    """A witness that signs with Ed25519, and a time (C2SP tlog-cosignature)."""

    key: SigningKey

    @property
    def verifier(self) -> VerifierKey:
        known = self.key.verifier
        return VerifierKey.of(known.name, ED25519_COSIGNATURE, known.public_key)

    def sign(self, text: bytes, *, at: int = 0) -> NoteSignature:
        made = self.key.sign(ed25519_message(text, at))
        return NoteSignature(self.verifier.name, self.verifier.key_id, at.to_bytes(8, "big") + made.signature)


class WitnessedZone(Zone):
    """Its log has an Ed25519 and an ML-DSA-44 key, and two witnesses cosign."""

    def __init__(self) -> None:
        super().__init__("zonary/witnessed")
        self.witnesses = [Cosigner(SigningKey.generate("witness.example/a")), MlDsaSigningKey.generate("witness/b")]
        self.second = MlDsaSigningKey.generate(self.origin)

    def proof(self, leaf: bytes) -> bytes:
        plain = TlogProof.parse(super().proof(leaf))
        root = Checkpoint.parse(plain.checkpoint.split(b"\n\n")[0] + b"\n")
        note = sign_checkpoint(root, [self.key, self.second, *self.witnesses], at=int(NOW.timestamp()))
        return replace(plain, checkpoint=note).encode()

    def asking(self, quorum: str, *witnesses: Witness) -> Trust:
        known = [Witness(f"w{n}", each.verifier) for n, each in enumerate(self.witnesses)] + list(witnesses)
        names = tuple(each.name for each in known)
        groups = (Group("two", 2, names), Group("all", len(names), names))
        return replace(self.trust, witnesses=tuple(known), groups=groups, quorum=quorum)


class StampedZone(Zone):
    """Its tokens are made by the authority ``holder``, with whatever is to be wrong about them."""

    def __init__(self, holder: Holder, root: Holder, chain: Sequence[Holder] = (), **wrong: Any) -> None:
        super().__init__("zonary/stamped")
        self.holder, self.root, self.wrong = holder, root, wrong
        self.algorithm = wrong.pop("algorithm", "sha256")
        self.rest = wrong.pop("rest", b"")
        pem = b"".join(each.pem for each in (holder, *chain, root))
        self.tsa = SimpleNamespace(ca_pem=pem)

    @property
    def trust(self) -> Trust:
        return Trust(logs=(TrustedLog(self.key.verifier),), timestamp_roots=(self.root.der,))

    def token(self, data: bytes) -> tuple[bytes, bytes]:
        content = stamps.tst_info(data, algorithm=self.algorithm, rest=self.rest)
        token = Forgery(signer=self.holder, content=content, **self.wrong).token()
        return token, stamps.response(token)


def stamped() -> Iterator[Sample]:
    """Authorities with every kind of key, and with any single thing wrong about them."""
    root = stamps.root()
    for kind in ("P-384", "P-521", "RSA-2048", "Ed25519"):
        own = stamps.root(kind=kind)
        zone = StampedZone(stamps.authority(own, kind=kind), own)
        yield Sample(f"stamped with {kind}", zone.package(), [zone.trust])
    between = stamps.intermediate(root)
    below, tsa = stamps.authority(between), stamps.authority(root)
    rsa = stamps.authority(root, kind="RSA-2048")
    year = stamps.YEAR
    zones: dict[str, StampedZone] = {
        "an intermediate": StampedZone(below, root, [between]),
        "an intermediate that is missing": StampedZone(below, root),
        "itself the root": StampedZone(tsa, tsa),
        "another key": StampedZone(tsa, root, sign_with=stamps.key("P-256", 77)),
        "two signers": StampedZone(tsa, root, signers=2),
        "no certificate": StampedZone(tsa, root, certificates=[]),
        "another certificate": StampedZone(tsa, root, certificates=[root.der]),
        "junk beside": StampedZone(tsa, root, certificates=[b"\x30\x00", tsa.der]),
        "of another type": StampedZone(tsa, root, content_type="1.2.3"),
        "no signed data": StampedZone(tsa, root, outer_type="1.2.3"),
        "signed by SM2": StampedZone(tsa, root, outer_type=algorithms.GM_SIGNED_DATA),
        "another reference": StampedZone(tsa, root, reference=stamps.signing_certificate(root.der)),
        "no reference": StampedZone(tsa, root, attributes=lambda found: sorted(found)[:2]),
        "an attribute twice": StampedZone(tsa, root, attributes=lambda found: [*found, found[0]]),
        "a weak digest": StampedZone(tsa, root, digest_algorithm=tlv(SEQUENCE, algorithms.oid("1.3.14.3.2.26"))),
        "sha512": StampedZone(tsa, root, algorithm="sha512"),
        "sm3": StampedZone(tsa, root, algorithm="sm3"),
        "an extension": StampedZone(
            tsa, root, rest=tlv(0xA1, tlv(SEQUENCE, algorithms.oid("1.2.9"), b"\x01\x01\xff", tlv(OCTET_STRING, b"x")))
        ),
        "an accuracy": StampedZone(tsa, root, rest=tlv(SEQUENCE, b"\x02\x01\x02", b"\x80\x02\x01\xf4")),
        "an accuracy out of range": StampedZone(tsa, root, rest=tlv(SEQUENCE, b"\x80\x02\x7f\xf4")),
        "expired": StampedZone(stamps.authority(root, end=stamps.NOW - timedelta(days=1)), root),
        "not yet": StampedZone(stamps.authority(root, begin=stamps.NOW + timedelta(days=1)), root),
        "a root that expired": _under(stamps.root(end=stamps.NOW - timedelta(days=1), begin=stamps.NOW - year)),
        "not for timestamps": StampedZone(stamps.authority(root, purposes=()), root),
        "not critical": StampedZone(stamps.authority(root, purposes_critical=False), root),
        "another use": StampedZone(stamps.authority(root, usage=stamps.key_usage(signs_certificates=True)), root),
        "no authority": _under(stamps.root(ca=False)),
        "a key that may not": _under(stamps.root(usage=stamps.key_usage(signs_data=True))),
        "too long a path": StampedZone(below, stamps.root(path_length=0), [between]),
        "a weak curve": StampedZone(stamps.authority(root, kind="P-224"), root, sign_with=stamps.key("P-256", 5)),
        "a short RSA key": StampedZone(stamps.authority(root, kind="RSA-1024"), root),
        "PSS": _pss(rsa, root),
        "names": StampedZone(stamps.authority(root, common_name='a,b+"c"; \u202e#零'), root),
    }
    for name, zone in zones.items():
        package = zone.package()
        yield Sample(f"stamped: {name}", package, [zone.trust])
        yield Sample(f"stamped: {name}, nobody trusted", package, [])


def _under(root: Holder) -> StampedZone:
    return StampedZone(stamps.authority(root), root)


def _pss(holder: Holder, root: Holder) -> StampedZone:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    key = holder.key
    assert isinstance(key, rsa.RSAPrivateKey)
    scheme = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    method = stamps.SigningMethod(
        "sha256", stamps.SHA256, stamps.PSS, lambda data: key.sign(data, scheme, hashes.SHA256())
    )
    return StampedZone(holder, root, method=method)


def witnessed() -> Iterator[Sample]:
    zone = WitnessedZone()
    package = zone.package()
    absent = Witness("absent", VerifierKey.of("absent", ED25519_COSIGNATURE, Zone("x").key.verifier.public_key))
    for name, trust in {
        "nobody asked": zone.trust,
        "both": zone.asking("all"),
        "two of three": zone.asking("two", absent),
        "all of three": zone.asking("all", absent),
        "one of them": zone.asking("w1"),
        "the absent": zone.asking("absent", absent),
    }.items():
        yield Sample(f"witnessed: {name}", package, [trust])
    lattice = Trust(logs=(TrustedLog(zone.second.verifier),), timestamp_roots=zone.trust.timestamp_roots)
    yield Sample("witnessed: the log's ML-DSA key alone", package, [lattice])
    proof = members(package)["log/statement.tlog-proof"]
    at = proof.rindex(b" ") + 40
    damaged = proof[:at] + (b"A" if proof[at : at + 1] != b"A" else b"B") + proof[at + 1 :]
    broken = changed(package, **{"log/statement.tlog-proof": damaged})
    yield Sample("witnessed: a cosignature damaged", broken, [zone.asking("w0")])
