"""Checking a package offline, layer by layer (``specs/package.md``).

Every layer is looked at even when another fails, so that a tampering is named where it was done. Keys inside the
package serve only to say whether it is consistent with itself; trust comes from the caller.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from zonary.proof import merkle
from zonary.proof.digests import digests_of
from zonary.proof.disclosure import parse_disclosure
from zonary.proof.errors import Error, MalformedError, Noun, UntrustedError, VerificationError
from zonary.proof.leaf import EVIDENCE, KNOWN_CLASSES, encode_leaf
from zonary.proof.manifest import AnyLeaf, PaddingLeaf, RootsOf, parse_manifest, roots_of
from zonary.proof.package import container as member
from zonary.proof.package.container import Container
from zonary.proof.package.files import ObservedFile, compare_files
from zonary.proof.package.further import further_members, further_names
from zonary.proof.package.log import claimed_checkpoint, judge_checkpoint
from zonary.proof.package.readme import readme
from zonary.proof.package.report import Facts, Layer, LayerVerdict, Outcome, Report, Sentence, Status, verdict_of
from zonary.proof.package.second import check_second_tree, package_keys
from zonary.proof.package.timestamps import check_tokens, token_members
from zonary.proof.statement import Statement, decode_statement
from zonary.proof.tlog.checkpoint import Checkpoint, open_checkpoint
from zonary.proof.tlog.keys import VerifierKey
from zonary.proof.tlog.proof import TlogProof
from zonary.proof.trust import Trust, select

_FIXED = {
    member.MIMETYPE_MEMBER, member.STATEMENT, member.MANIFEST, member.DISCLOSURE, member.ASIC_MANIFEST,
    member.PACKAGE_TOKEN, member.LOG_PROOF, member.LOG_KEYS, member.AUTHORITY_CHAIN, member.README,
    member.SM3_PROOF, member.SM3_KEYS,
}  # fmt: skip


def verify(
    package: Container,
    *,
    trusts: Sequence[Trust],
    observed: Iterable[ObservedFile] | None = None,
    manifest_roots: RootsOf = roots_of,
) -> Report:
    """The report on a package all of whose layers verify.

    :param trusts: the trust files in force.
    :param observed: files to hold against the manifest, if any.
    :param manifest_roots: how the roots of a large manifest are computed, for a caller with processes to spare.
    :raises UntrustedError: when it is consistent, but nobody in ``trusts`` establishes its origin.
    :raises VerificationError: when a layer does not verify.
    """
    report = examine(package, trusts=trusts, observed=observed, manifest_roots=manifest_roots)
    if report.outcome is Outcome.VERIFIED:
        return report
    wrong = Status.FAILED if report.outcome is Outcome.NOT_VERIFIED else Status.ORIGIN_NOT_ESTABLISHED
    first = next((v for v in report.layers if v.status == wrong), None)
    reason = Noun(str(first.sentence)) if first else Noun("a layer could not be checked")
    if report.outcome is Outcome.NOT_VERIFIED:
        raise VerificationError("The package does not verify: {reason}", reason=reason)
    raise UntrustedError("The package does not verify: {reason}", reason=reason)


def examine(
    package: Container,
    *,
    trusts: Sequence[Trust],
    observed: Iterable[ObservedFile] | None = None,
    manifest_roots: RootsOf = roots_of,
) -> Report:
    """One verdict a layer; see :func:`verify` for the parameters. Raises nothing a package can cause."""
    examination = _Examination(package, trusts, manifest_roots)
    examination.manifest()
    examination.inclusion()
    examination.checkpoint()
    examination.timestamp()
    examination.second_tree()
    examination.files(observed)
    return examination.report()


class _Examination:
    """The state of one :func:`examine`: what earlier layers read and later ones need."""

    def __init__(self, package: Container, trusts: Sequence[Trust], manifest_roots: RootsOf) -> None:
        self._package = package
        self._trusts = trusts
        self._roots_of = manifest_roots
        self._leaves: tuple[AnyLeaf, ...] | None = None
        self._alone: AnyLeaf | None = None
        self._verdicts: dict[str, LayerVerdict] = {}
        self._facts = Facts()

    # Each layer below sets its verdict and never lets an Error out.

    def manifest(self) -> None:
        self._judge(Layer.MANIFEST, self._check_manifest)

    def inclusion(self) -> None:
        self._judge(Layer.INCLUSION, self._check_inclusion)

    def checkpoint(self) -> None:
        self._judge(Layer.CHECKPOINT, self._check_checkpoint)

    def timestamp(self) -> None:
        self._judge(Layer.TIMESTAMP, self._check_timestamp)

    def second_tree(self) -> None:
        if member.SM3_PROOF in self._package or member.SM3_KEYS in self._package:
            self._judge(Layer.SECOND_TREE, self._check_second_tree)

    def files(self, observed: Iterable[ObservedFile] | None) -> None:
        if observed is None:
            sentence = Sentence("No file was given, so none was compared. Name the sealed files to compare them.")
            verdict = LayerVerdict(Layer.FILES, Status.NOT_CHECKED, sentence)
        elif self._leaves is None or self._verdicts[Layer.MANIFEST].status is not Status.VERIFIED:
            # Held against a manifest that is not the sealed one, an honest file would be called changed.
            sentence = Sentence("The files were not compared, because the manifest is not known to be the sealed one.")
            verdict = LayerVerdict(Layer.FILES, Status.NOT_CHECKED, sentence)
        else:
            verdict = compare_files(self._leaves, observed, partial=self._facts.partial)
        self._verdicts[Layer.FILES] = verdict

    def report(self) -> Report:
        known = [self._verdicts[layer] for layer in Layer if layer in self._verdicts]
        tokens = token_members(self._package)
        known_names = {*_FIXED, *tokens, *further_members(self._package)}
        unknown = [
            LayerVerdict(name, Status.NOT_CHECKED, Sentence("This release does not know “{name}”.", {"name": name}))
            for name in self._package
            if name not in known_names
        ]
        return Report((*known, *self._readme(tokens), *unknown), self._facts)

    def _readme(self, tokens: Sequence[str]) -> list[LayerVerdict]:
        """README.txt is written from the other members alone; one that says anything else is somebody's advice."""
        stem = tokens[0].removeprefix(member.TOKEN_FOLDER).removesuffix(member.TOKEN_SUFFIX) if tokens else ""
        try:
            written = readme(origin=self._facts.origin or "", token=stem, further=further_names(self._package))
            if self._package.read(member.README) == written:
                return []
        except MalformedError:
            pass  # missing or damaged is not the one we write either
        sentence = Sentence("README.txt is not the one Zonary writes. Do not follow what it says.")
        return [LayerVerdict(member.README, Status.NOT_CHECKED, sentence)]

    def _judge(self, layer: Layer, check: Callable[[], LayerVerdict]) -> None:
        try:
            self._verdicts[layer] = check()
        except Error as error:
            self._verdicts[layer] = verdict_of(layer, error)

    def _statement(self) -> tuple[bytes, Statement]:
        data = self._package.read(member.STATEMENT)
        return data, decode_statement(data)

    def _check_manifest(self) -> LayerVerdict:
        whole, partial = member.MANIFEST in self._package, member.DISCLOSURE in self._package
        if whole == partial:
            raise MalformedError("The package must hold either manifest.jsonl or disclosure.json, and not both.")
        if partial:
            disclosure = parse_disclosure(self._package.read(member.DISCLOSURE))
            self._remember(tuple(item.leaf for item in disclosure.leaves), partial=True)
            _, statement = self._statement()
            if not disclosure.leaves[0].sha256:
                self._alone = disclosure.leaves[0].leaf
            for item in disclosure.leaves:
                item.verify(statement.manifest)
            text = "The disclosed leaves stand in the manifest that the statement names; nothing else of it is shown."
            return LayerVerdict(Layer.MANIFEST, Status.VERIFIED, Sentence(text))
        manifest = parse_manifest(self._package.read(member.MANIFEST))
        self._remember(manifest.leaves, partial=False)
        self._alone = manifest.leaves[0] if len(manifest.leaves) == 1 else None
        _, statement = self._statement()
        if self._roots_of(manifest.lines) != statement.manifest:
            raise VerificationError("The manifest is not the one the statement names: a line was changed, or swapped.")
        text = "The manifest ({count} entries) is the one the statement names, by SHA-256 and by SM3."
        return LayerVerdict(Layer.MANIFEST, Status.VERIFIED, Sentence(text, {"count": self._facts.names}))

    def _remember(self, leaves: tuple[AnyLeaf, ...], *, partial: bool) -> None:
        self._leaves = leaves
        count = sum(not isinstance(leaf, PaddingLeaf) for leaf in leaves)
        self._facts = replace(self._facts, names=count, partial=partial)

    def _proof(self) -> TlogProof:
        return TlogProof.parse(self._package.read(member.LOG_PROOF))

    def _check_inclusion(self) -> LayerVerdict:
        proof = self._proof()
        checkpoint = claimed_checkpoint(proof)
        self._facts = replace(
            self._facts, origin=checkpoint.origin, index=proof.index, tree_size=checkpoint.size,
            root=base64.b64encode(checkpoint.root).decode("ascii"),
        )  # fmt: skip
        data = self._package.read(member.STATEMENT)
        found = _class_included(data, proof, checkpoint)
        self._facts = replace(self._facts, leaf_class=found)
        statement = decode_statement(data)
        if found != EVIDENCE:
            raise VerificationError(
                "The log holds this as a leaf of class “{found}”, not of class “evidence”.", found=found
            )
        self._facts = replace(self._facts, declared=statement.declared, observed=statement.observed)
        text = "The statement stands at index {index} of the log “{origin}” (leaf class “evidence”, {size} entries)."
        values: dict[str, str | int] = {"index": proof.index, "origin": checkpoint.origin, "size": checkpoint.size}
        return LayerVerdict(Layer.INCLUSION, Status.VERIFIED, Sentence(text, values))

    def _check_checkpoint(self) -> LayerVerdict:
        proof = self._proof()
        note, origin = proof.checkpoint, claimed_checkpoint(proof).origin
        if not select(self._trusts, origin).log_keys:
            open_checkpoint(note, self._package_keys(), origin=origin)
            raise UntrustedError(
                "The checkpoint is signed by the key the package brings along for “{origin}”, which you have not said "
                "you trust. Ask the operator for a trust file and name it with --trust, or add it with “zonary trust "
                "add”.",
                origin=origin,
            )
        return judge_checkpoint(note, origin, self._trusts)

    def _package_keys(self) -> list[VerifierKey]:
        return package_keys(self._package, member.LOG_KEYS)

    def _check_second_tree(self) -> LayerVerdict:
        statement = self._package.read(member.STATEMENT)
        return check_second_tree(self._package, statement, self._proof(), self._trusts)

    def _check_timestamp(self) -> LayerVerdict:
        known = select(self._trusts, self._facts.origin or "")
        verdict, tokens = check_tokens(self._package, self._alone, known)
        self._facts = replace(self._facts, tokens=tokens)
        return verdict


def _class_included(statement: bytes, proof: TlogProof, checkpoint: Checkpoint) -> str:
    """The class of the leaf that stands at the proof's place; evidence is tried first."""
    digests = digests_of(statement)
    failure: VerificationError | None = None
    for leaf_class in sorted(KNOWN_CLASSES, key=lambda name: name != EVIDENCE):
        leaf = merkle.leaf_hash(encode_leaf(leaf_class, digests))
        try:
            merkle.verify_inclusion(
                index=proof.index, size=checkpoint.size, leaf=leaf, proof=proof.hashes, root=checkpoint.root
            )
            return leaf_class
        except VerificationError as error:
            failure = failure or error
    raise VerificationError(
        "The log proof does not belong to this statement: the statement was changed, or the proof is another's."
    ) from failure
