"""Released packs, parsed and planned once: every decision, page and list of a process shares them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Max

from zonary.engines.clauses.interpreter.asking import Setting
from zonary.engines.clauses.interpreter.plans import Plan
from zonary.engines.clauses.language import parse
from zonary.engines.clauses.packs.reading import Pack, read_pack, read_shape
from zonary.engines.clauses.packs.shapes import PackShape
from zonary.engines.clauses.packs.writing import digest_of
from zonary.engines.clauses.vocabulary import Vocabulary
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.rules.models import PackDraft, PackRelease
from zonary.foundation.rules.permissions import UnknownPackError
from zonary.foundation.rules.queries import release_in_force

MAX_KEPT: Final = 128
"""Packs kept in memory, the least recently asked for dropped first. Each is some hundred kilobytes."""


@dataclass(frozen=True, slots=True, eq=False)
class ReadPack:
    """What the bytes of a pack come to. Nothing of it is ever changed, so threads share it."""

    shape: PackShape
    pack: Pack
    plan: Plan
    setting: Setting


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedPack:
    """A release that can be asked.

    :param release: public id of the release.
    :param digest: SHA-256 of its canonical JSON, hexadecimal: what a stored decision names.
    """

    release: str
    pack_id: str
    number: int
    digest: str
    released_at: datetime
    shape: PackShape
    pack: Pack
    plan: Plan
    setting: Setting

    @property
    def vocabulary(self) -> Vocabulary:
        return self.pack.vocabulary


class _Kept:
    """Parsed packs by digest. One thread parses at a time: two would do the same work for one result."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._packs: OrderedDict[str, ReadPack] = OrderedDict()
        self._lock = threading.Lock()

    def has(self, digest: str) -> bool:
        with self._lock:
            return digest in self._packs

    def get(self, digest: str, content: Callable[[], str]) -> ReadPack:
        """The pack of this digest; ``content`` is only asked for when it is not kept.

        :raises UnknownPackError: when the content is not what the digest is of: somebody changed the table.
        """
        with self._lock:
            found = self._packs.get(digest)
            if found is None:
                data = content().encode()
                if digest_of(data) != digest:
                    raise UnknownPackError(
                        "A rule pack kept here is not the one that was released: its SHA-256 is not {digest}.",
                        digest=digest,
                    )
                found = self._packs[digest] = _read(data)
            self._packs.move_to_end(digest)
            while len(self._packs) > self._most:
                self._packs.popitem(last=False)
            return found


def _read(data: bytes) -> ReadPack:
    shape = read_shape(data)
    pack = read_pack(shape, parse)
    return ReadPack(shape, pack, Plan(pack.document), Setting(pack.vocabulary, pack.parameters, pack.tables))


_KEPT: Final = _Kept(MAX_KEPT)


def loaded_release(public_id: str) -> LoadedPack:
    """The release of this public id.

    :raises UnknownPackError: when there is none.
    """
    found = PackRelease.objects.filter(public_id=as_uuid(public_id)).defer("content").first()
    if found is None:
        raise UnknownPackError("There is no such release of a rule pack.")
    return loaded(found)


def pack_in_force(pack: str, *, at: datetime) -> LoadedPack:
    """The release of the pack called ``pack`` that decides at the moment ``at``.

    :raises UnknownPackError: when none had been released by then.
    """
    return loaded(release_in_force(pack, at=at))


def packs_in_force(*, at: datetime) -> tuple[LoadedPack, ...]:
    """Of every pack the release that decides at the moment ``at``, by the packs' ids. At most three queries."""
    latest = PackRelease.objects.filter(released_at__lte=at).values("pack").annotate(last=Max("number"))
    wanted = {(each["pack"], each["last"]) for each in latest}
    rows = PackRelease.objects.filter(pack__in={pack for pack, _ in wanted}, released_at__lte=at).defer("content")
    return _loaded_all(each for each in rows.order_by("pack", "number") if (each.pack, each.number) in wanted)


def loaded(release: PackRelease) -> LoadedPack:
    """A release as a query found it; a deferred content is only read when the pack is not kept."""
    return _loaded(release, read_release(release))


def read_release(release: PackRelease) -> ReadPack:
    """What a release says."""
    return _KEPT.get(release.digest, lambda: release.content)


def read_draft(draft: PackDraft) -> ReadPack:
    """A draft, which was readable when it was proposed, and cannot have changed since."""
    return _KEPT.get(draft.digest, lambda: draft.content)


def _loaded_all(releases: Iterable[PackRelease]) -> tuple[LoadedPack, ...]:
    found = list(releases)
    missing = [each.pk for each in found if not _KEPT.has(each.digest)]
    contents = dict(PackRelease.objects.filter(pk__in=missing).values_list("pk", "content")) if missing else {}
    return tuple(_loaded(each, _KEPT.get(each.digest, _content(each, contents))) for each in found)


def _content(release: PackRelease, contents: Mapping[int, str]) -> Callable[[], str]:
    """From those read together; by itself only when it was dropped meanwhile."""

    def read() -> str:
        found = contents.get(release.pk)
        return release.content if found is None else found

    return read


def _loaded(release: PackRelease, read: ReadPack) -> LoadedPack:
    return LoadedPack(
        release=str(release.public_id),
        pack_id=release.pack,
        number=release.number,
        digest=release.digest,
        released_at=release.released_at,
        shape=read.shape,
        pack=read.pack,
        plan=read.plan,
        setting=read.setting,
    )
