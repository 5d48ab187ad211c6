"""Registering a prepared seal, waiting for the log, and collecting the evidence for its package.

What the server hands out is verified against the pinned trust before it is used, and kept in the work directory;
what is kept there and still verifies is not asked for again. Stopped anywhere, it goes on from there: registering
again under the same idempotency key changes nothing.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Generic, TypeVar

from zonary.cli.durable import publish
from zonary.cli.sealing.client import NotYetError, Receipt, Server, ServerError
from zonary.cli.sealing.preparing import Prepared
from zonary.cli.sealing.work import Work
from zonary.proof.digests import digests_of
from zonary.proof.errors import Error, VerificationError
from zonary.proof.leaf import EVIDENCE, encode_leaf

if TYPE_CHECKING:  # imported where they are used: the log is at work meanwhile
    from zonary.proof.package.build import SecondTree
    from zonary.proof.package.container import PackageWriter
    from zonary.proof.timestamp.verify import VerifiedTimestamp
    from zonary.proof.tlog.checkpoint import SignedCheckpoint
    from zonary.proof.tlog.proof import TlogProof
    from zonary.proof.trust import Trust

PUBLISH_SECONDS = 120.0
"""How long we wait for the log, which is meant to take a second or two."""
_FIRST_PAUSE, _LAST_PAUSE = 0.02, 0.5

_PROOF = "statement.tlog-proof"
_PACKAGE_STAMP = "package.tsr"
_PLAIN_STAMP = "plain.tsr"
_PACKAGE = "package.zonary"

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Sealed:
    """What there is to tell about a finished seal."""

    record: str
    checkpoint: SignedCheckpoint
    index: int
    stamp: VerifiedTimestamp


@dataclass(frozen=True, slots=True)
class _Stamp:
    """An authority's answer, and what it verifies to. ``token`` is the answer without the response around it."""

    answer: bytes
    token: bytes
    verified: VerifiedTimestamp


class Registration:
    """One prepared seal on its way into the log and into its package.

    :param trust: what is pinned for ``server``.
    """

    def __init__(
        self,
        work: Work,
        prepared: Prepared,
        server: Server,
        trust: Trust,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._work = work
        self._prepared = prepared
        self._server = server
        self._trust = trust
        self._clock = clock
        self._sleep = sleep
        self._digests = digests_of(prepared.statement)
        self._leaf = encode_leaf(EVIDENCE, self._digests)

    def finish(self, out: Path) -> Sealed:
        """Register, wait, collect, verify, and put the package at ``out``, durable and whole.

        :raises ServerError: when the server cannot be reached, refuses, or does not publish in time.
        :raises VerificationError: when what it hands out does not hold.
        """
        temporary = self._work / _PACKAGE
        with open(temporary, "w+b") as file, Background(lambda: self._begin(file)) as begun:
            receipt = self._register()
            from zonary.proof.package import build
            from zonary.proof.package.stems import token_stem

            chain = self._server.authority_chain()
            plain, package = self._plain_stamp(chain), self._package_stamp(chain)
            proof, checkpoint = self._proof(receipt)
            parts = build.Parts(
                proof=proof.encode(),
                log_keys=[key.encode() for key in checkpoint.log_keys],
                package_token=package.token,
                plain_token=plain.answer,
                plain_stem=token_stem(self._prepared.single[0] if self._prepared.single else None),
                authority_chain=chain,
                second=self._second(proof),
            )
            build.complete(begun.result(), self._prepared.statement, parts)
            file.flush()
            os.fsync(file.fileno())
        publish(temporary, out)
        return Sealed(receipt.id, checkpoint, proof.index, plain.verified)

    def _begin(self, file: IO[bytes]) -> PackageWriter:
        from zonary.proof.package import build

        writer = build.begin(file, self._prepared.statement, self._prepared.manifest.read_bytes())
        file.flush()
        os.fsync(file.fileno())  # nearly all of the package is on the disk before the log has answered
        return writer

    def _register(self) -> Receipt:
        key = hashlib.sha256(self._prepared.statement).hexdigest()
        receipt = self._server.register(self._digests.hex(), key)
        if receipt.leaf != base64.b64encode(self._leaf).decode("ascii"):
            raise VerificationError("The server registered something else than the statement it was given.")
        return receipt

    # --- timestamps ---------------------------------------------------------------------------------------------------

    def _plain_stamp(self, chain: bytes) -> _Stamp:
        single = self._prepared.single
        return self._stamp(_PLAIN_STAMP, single[1] if single else self._digests.sha256, chain)

    def _package_stamp(self, chain: bytes) -> _Stamp:
        from zonary.proof.package.asic import asic_manifest

        digest = hashlib.sha256(asic_manifest(self._prepared.statement)).digest()
        return self._stamp(_PACKAGE_STAMP, digest, chain)

    def _stamp(self, name: str, digest: bytes, chain: bytes) -> _Stamp:
        from zonary.proof.timestamp.request import TimestampRequest
        from zonary.proof.timestamp.token import TimestampToken

        kept = self._work.read(name)
        if kept is not None:
            with contextlib.suppress(Error):  # of another server, or damaged: one more is asked for
                return self._checked(kept, digest, chain)
        request = TimestampRequest.new("sha256", digest)
        answer = self._server.timestamp(request.encode())
        request.check_answer(TimestampToken.parse(answer))
        stamp = self._checked(answer, digest, chain)
        self._work.keep(name, answer)
        return stamp

    def _checked(self, answer: bytes, digest: bytes, chain: bytes) -> _Stamp:
        from zonary.proof.package.timestamps import read_chain
        from zonary.proof.timestamp.token import TimestampToken
        from zonary.proof.timestamp.verify import verify_token

        token = TimestampToken.parse(answer)
        roots, others = self._trust.timestamp_roots, read_chain(chain)
        return _Stamp(answer, token.der, verify_token(token, digest=digest, roots=roots, certificates=others))

    # --- the log ------------------------------------------------------------------------------------------------------

    def _proof(self, receipt: Receipt) -> tuple[TlogProof, SignedCheckpoint]:
        kept = self._work.read(_PROOF)
        if kept is not None:
            with contextlib.suppress(Error):  # as above
                return self._included(kept)
        data = self._published(receipt)
        proof = self._included(data)
        self._work.keep(_PROOF, data)
        return proof

    def _second(self, first: TlogProof) -> SecondTree | None:
        from zonary.cli.sealing.second import prove_in_second_tree

        server, trust = self._server, self._trust
        return prove_in_second_tree(server, trust, first, self._leaf, clock=self._clock, sleep=self._sleep)

    def _included(self, data: bytes) -> tuple[TlogProof, SignedCheckpoint]:
        from zonary.proof.tlog.proof import TlogProof

        proof = TlogProof.parse(data)
        return proof, proof.verify(self._leaf, self._trust.log_keys)

    def _published(self, receipt: Receipt) -> bytes:
        pause, until = _FIRST_PAUSE, self._clock() + PUBLISH_SECONDS
        while True:
            try:
                return self._server.log_proof(receipt.id)
            except NotYetError as error:
                if self._clock() > until:
                    raise ServerError(
                        "The log at {url} has recorded the seal, but did not publish it within {seconds} seconds. "
                        "Nothing is lost: type the same command again, and it goes on from there.",
                        url=self._server.url,
                        seconds=int(PUBLISH_SECONDS),
                    ) from error
            self._sleep(pause)
            pause = min(1.3 * pause, _LAST_PAUSE)


class Background(Generic[_T]):
    """``function`` running in a thread; leaving the ``with`` block waits for it."""

    def __init__(self, function: Callable[[], _T]) -> None:
        self._function = function
        self._result: _T | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Background[_T]:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.join()

    def result(self) -> _T:
        """What the function returned; raises what it raised."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._result  # type: ignore[return-value]  # set, when there was no error

    def _run(self) -> None:
        try:
            self._result = self._function()
        except BaseException as error:
            self._error = error
