"""The second tree: the same leaf at the same index, under a root in SM3 signed with SM2 (``specs/second-tree.md``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from zonary.proof import merkle
from zonary.proof.digests import digests_of
from zonary.proof.errors import MalformedError, UntrustedError, VerificationError
from zonary.proof.leaf import EVIDENCE, encode_leaf
from zonary.proof.package import container as member
from zonary.proof.package.container import Container
from zonary.proof.package.log import claimed_checkpoint
from zonary.proof.package.report import Layer, LayerVerdict, Sentence, Status
from zonary.proof.tlog.checkpoint import open_checkpoint
from zonary.proof.tlog.keys import SM2, VerifierKey
from zonary.proof.tlog.proof import TlogProof
from zonary.proof.tlog.sm2 import second_origin
from zonary.proof.trust import Trust, select

MAX_PACKAGE_KEYS: Final = 16


def check_second_tree(package: Container, statement: bytes, first: TlogProof, trusts: Sequence[Trust]) -> LayerVerdict:
    """The verdict on the second tree's proof in ``package``.

    :param first: the proof of the first tree, whose log and index it must be.
    :raises UntrustedError: when it is consistent, and nobody in ``trusts`` knows the key that signed.
    :raises VerificationError: when it does not hold, or is of another leaf or log.
    :raises UnsupportedError: when this machine has no SM2.
    """
    proof = TlogProof.parse(package.read(member.SM3_PROOF), "sm3")
    checkpoint, origin = claimed_checkpoint(proof), second_origin(claimed_checkpoint(first).origin)
    if checkpoint.origin != origin or proof.index != first.index:
        raise VerificationError(
            "The proof of the second tree is of index {index} of “{found}”, not of index {expected} of “{origin}”.",
            index=proof.index,
            found=checkpoint.origin,
            expected=first.index,
            origin=origin,
        )
    merkle.verify_inclusion(
        index=proof.index,
        size=checkpoint.size,
        leaf=merkle.leaf_hash(encode_leaf(EVIDENCE, digests_of(statement)), "sm3"),
        proof=proof.hashes,
        root=checkpoint.root,
        algorithm="sm3",
    )
    trusted = _of_sm2(select(trusts, origin).log_keys)
    if not trusted:
        open_checkpoint(proof.checkpoint, _of_sm2(package_keys(package, member.SM3_KEYS)), origin)
        raise UntrustedError(
            "The root of the second tree is signed by the SM2 key the package brings along for “{origin}”, which you "
            "have not said you trust. The first tree says the same; a newer trust file of the operator names this key.",
            origin=origin,
        )
    try:
        open_checkpoint(proof.checkpoint, trusted, origin)
    except UntrustedError as error:
        raise VerificationError(
            "The root of the second tree carries no signature by the SM2 key you trust for “{origin}”.", origin=origin
        ) from error
    text = (
        "The statement stands at index {index} of the second tree too, over the same leaves in SM3 ({size} entries); "
        "its root is signed with SM2 by a key you trust for “{origin}”."
    )
    values: dict[str, str | int] = {"index": proof.index, "size": checkpoint.size, "origin": origin}
    return LayerVerdict(Layer.SECOND_TREE, Status.VERIFIED, Sentence(text, values))


def package_keys(package: Container, name: str) -> list[VerifierKey]:
    """The verifier keys in member ``name``, good for telling whether a package agrees with itself and no more.

    :raises MalformedError: when they cannot be read, or are too many.
    """
    try:
        lines = package.read(name).decode("utf-8").split()
    except UnicodeDecodeError as error:
        raise MalformedError("{name} is not UTF-8 text.", name=name) from error
    if len(lines) > MAX_PACKAGE_KEYS:
        raise MalformedError("{name} holds more than {limit} keys.", name=name, limit=MAX_PACKAGE_KEYS)
    return [VerifierKey.parse(line) for line in lines]


def _of_sm2(keys: Sequence[VerifierKey]) -> list[VerifierKey]:
    """The log's other keys sign roots in SHA-256."""
    return [key for key in keys if key.kind == SM2]
