"""Whether the bytes in the store are those that came: what ``zonary doctor`` asks. Nothing is changed by looking."""

from __future__ import annotations

import random
from collections.abc import Iterator

from django.db.models import Exists, OuterRef, QuerySet

from zonary.foundation.documents.contents import contents
from zonary.foundation.documents.errors import MissingContentError
from zonary.foundation.documents.models import Content, DocumentVersion
from zonary.foundation.ledger.checkup import Finding, Severity
from zonary.proof.digests import hasher
from zonary.proof.package.report import Sentence

SAMPLED = 100
"""Contents that are looked at, unless all are: half of them the newest, the others any."""
SAMPLED_BYTES = 512 * 1024**2
"""Read of them together; a larger one is left to whoever asks for all."""
_TOLD = 20


def check_contents(*, is_whole: bool) -> Iterator[Finding]:
    """:param is_whole: read every content there is, which takes as long as reading the disk does."""
    kept = Content.objects.filter(Exists(DocumentVersion.objects.filter(content=OuterRef("pk"))))
    chosen = kept.order_by("pk") if is_whole else _sample(kept)
    looked_at, wrong = 0, 0
    for content in chosen.iterator(200):
        looked_at += 1
        reason = _fault(content)
        if reason is not None:
            wrong += 1
            if wrong <= _TOLD:
                yield Finding("contents", Severity.FAULT, reason, _MEND)
    if not wrong:
        told = {"count": f"{looked_at:,}", "all": f"{kept.count():,}"}
        yield Finding(
            "contents", Severity.OK, Sentence("{count} of {all} contents of documents are as they came.", told)
        )
    elif wrong > _TOLD:
        more = Sentence("So are {count} more contents of documents.", {"count": f"{wrong - _TOLD:,}"})
        yield Finding("contents", Severity.FAULT, more, _MEND)


_MEND = Sentence(
    "Put the content back into the store from a backup; its name there is its digest. What a receipt says of it stays "
    "true: it proves what the content has to be."
)


def _sample(kept: QuerySet[Content]) -> QuerySet[Content]:
    last = kept.order_by("-pk").values_list("pk", flat=True).first() or 0
    newest = list(kept.order_by("-pk").values_list("pk", "size")[: SAMPLED // 2])
    drawn = random.SystemRandom().sample(range(1, last + 1), min(last, 4 * SAMPLED))
    others = list(kept.filter(pk__in=drawn).values_list("pk", "size")[:SAMPLED])
    chosen, left = set[int](), SAMPLED_BYTES
    for key, size in (*newest, *others):
        if len(chosen) < SAMPLED and key not in chosen and size <= left:
            chosen.add(key)
            left -= size
    return kept.filter(pk__in=chosen).order_by("pk")


def _fault(content: Content) -> Sentence | None:
    """What is wrong with it, if anything is."""
    sha256, name = bytes(content.sha256), bytes(content.sha256).hex()
    taken = hasher("sha256"), hasher("sm3")
    size = 0
    try:
        if not contents().has(sha256, content.size):
            return Sentence("The store does not have the whole content {digest}.", {"digest": name})
        for piece in contents().read(sha256, 0, content.size):
            size += len(piece)
            for each in taken:
                each.update(piece)
    except (MissingContentError, OSError):
        return Sentence("The content {digest} cannot be read from the store.", {"digest": name})
    if (size, *(each.digest() for each in taken)) != (content.size, sha256, bytes(content.sm3)):
        return Sentence("The content {digest} has other bytes than those that came.", {"digest": name})
    return None
