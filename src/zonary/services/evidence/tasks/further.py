"""Asking further authorities, in the background: a queue that may be worked off by any server.

What a registration wants of them waits in a table; of two servers that come for the same row, one claims it. A crash at
any moment costs at most a token that is asked for twice. Each authority has a thread and times of its own: one that is
slow holds up no other. One that fails is left alone for a while, longer each time; nothing is ever given up, since a
late token is still one.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import F, Q

from zonary.common.clock import Clock
from zonary.foundation.ledger.batching import batching
from zonary.foundation.ledger.queries import item_of
from zonary.foundation.timestamps.asking import AskingError, Stamp, ask, sign
from zonary.foundation.timestamps.authorities import SM2, External, Local
from zonary.proof.errors import Error
from zonary.proof.stages import Stage
from zonary.services.evidence.models import AuthorityState, EvidenceTimestamps, FurtherTimestamp
from zonary.services.evidence.queries import stages_of
from zonary.services.evidence.tasks import Stampable, certificates, forget_erased, issuer, stampable
from zonary.services.evidence.tokens import asks_further, authorities

_log = logging.getLogger("zonary.server")
AT_ONCE = 4
"""Records for which one authority is asked in one go."""
_LOOKED_THROUGH = 100
_CLAIM = timedelta(minutes=4)
"""Longer than asking for as many takes at most, with three tokens each."""
_DELAYS = (10, 30, 60, 120, 300, 900, 1800, 3600)
"""Seconds before an authority that failed is asked again; the last of them from then on."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """:ivar pair: whether the two tokens of the package are asked for, because there are none."""

    row: FurtherTimestamp
    what: Stampable
    pair: bool


@dataclass(slots=True)
class _Round:
    """One authority, what it is asked for, and how that went; the rest is not tried after a failure."""

    authority: External | Local
    wanted: Sequence[_Wanted]
    stamps: list[tuple[Stamp, ...]] = field(default_factory=list)
    problem: Error | None = None


class Asking:
    """Which authorities are being asked at this moment, each for a few tokens.

    The database is used by whoever calls, and by no thread of ``pool``, which has room for all of them. What is under
    way when this process ends, or when it leads no longer, is claimed until its time is over, and asked for again.
    """

    def __init__(self, clock: Clock, pool: Executor) -> None:
        self._clock = clock
        self._pool = pool
        self._under_way: dict[str, Future[_Round]] = {}

    @property
    def is_under_way(self) -> bool:
        return bool(self._under_way)

    def begin(self) -> None:
        """Ask each authority that is neither left alone nor being asked."""
        if not asks_further():
            return
        at = self._clock()
        resting = set(AuthorityState.objects.filter(next_at__gt=at).values_list("name", flat=True))
        for each in authorities().entries:
            free = each.name not in resting and each.name not in self._under_way
            if free and (wanted := list(_claimed(each.name, at))):
                self._under_way[each.name] = self._pool.submit(_ask, _Round(each, wanted), self._clock)

    def settle(self, patience: float) -> int:
        """Keep what came; returns how many tokens came or failed.

        :param patience: seconds to wait where nothing came yet. Without an own authority the first that answers makes
            the package's own tokens.
        """
        wait(self._under_way.values(), timeout=patience, return_when=FIRST_COMPLETED)
        done = [self._under_way.pop(name).result() for name, each in list(self._under_way.items()) if each.done()]
        for each in done:
            _settle(each, self._clock())
        return sum(len(each.stamps) + (each.problem is not None) for each in done)


def waiting() -> Mapping[str, int]:
    """How many records wait, by the name of the authority."""
    names = [each.name for each in authorities().further]
    rows = FurtherTimestamp.objects.filter(there_at=None)
    return {name: rows.filter(authority=name).count() for name in names}


def _claimed(name: str, at: datetime) -> Iterator[_Wanted]:
    """What ``name`` is to be asked for now; what was never tried first, the oldest first."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=at)
    rows = list(FurtherTimestamp.objects.filter(free, authority=name, there_at=None).order_by("tries", "id")[
        : AT_ONCE if batching() is None else _LOOKED_THROUGH
    ])  # fmt: skip
    makes_packages = authorities().first_local is None and not _is_local(name)
    for row in _askable(rows)[:AT_ONCE]:
        mine = FurtherTimestamp.objects.filter(free, pk=row.pk, there_at=None, tries=row.tries)
        if not mine.update(claimed_until=at + _CLAIM):
            continue
        public_id = str(row.public_id)
        what = stampable(item_of(public_id))
        if what is None:
            forget_erased(public_id)
            continue
        pair = makes_packages and not EvidenceTimestamps.objects.filter(public_id=public_id).exists()
        yield _Wanted(row, what, pair)


def _is_local(name: str) -> bool:
    return any(isinstance(each, Local) and each.name == name for each in authorities().entries)


def _askable(rows: list[FurtherTimestamp]) -> list[FurtherTimestamp]:
    """Where the log is published in batches, nobody outside learns of a record before that: the time would tell."""
    if batching() is None or not rows:
        return rows
    stages = stages_of(rows)
    return [row for row in rows if stages.get(str(row.public_id)) is Stage.PUBLISHED]


def _ask(asked: _Round, clock: Clock) -> _Round:
    """In a thread of its own, without the database."""
    try:
        for wanted in asked.wanted:
            asked.stamps.append(_stamps(asked.authority, wanted, clock))
    except Error as error:  # a clock in doubt, too
        asked.problem = error
    except Exception as error:
        # Nothing one authority sends may keep the others' tokens from being kept. A fault of ours is told with a trace.
        _log.warning("what %s answered was not understood", asked.authority.name, exc_info=error)
        asked.problem = AskingError("What it answered is not understood: {reason}", reason=type(error).__name__)
    return asked


def _stamps(authority: External | Local, wanted: _Wanted, clock: Clock) -> tuple[Stamp, ...]:
    what = wanted.what
    if isinstance(authority, External):
        over = (what.listed, what.plainly) if wanted.pair else (what.statement.sha256,)
        return tuple(ask(authority, digest, clock=clock) for digest in over)
    signer, chain = issuer(authority), certificates(authority)
    if authority.kind == SM2:
        return (sign(signer, what.statement.sm3, chain, clock=clock, algorithm="sm3"),)
    return (sign(signer, what.statement.sha256, chain, clock=clock),)


def _settle(done: _Round, at: datetime) -> None:
    name = done.authority.name
    for wanted, stamps in zip(done.wanted, done.stamps, strict=False):
        _keep(wanted, stamps, at)
    if done.stamps:
        AuthorityState.objects.update_or_create(name=name, defaults={"answered_at": at, "failures": 0, "next_at": None})
    if done.problem is None:
        return
    failed, *untried = done.wanted[len(done.stamps) :]
    FurtherTimestamp.objects.filter(pk=failed.row.pk).update(tries=F("tries") + 1, claimed_until=None)
    FurtherTimestamp.objects.filter(pk__in=[each.row.pk for each in untried]).update(claimed_until=None)
    before = AuthorityState.objects.filter(name=name).values_list("failures", flat=True).first() or 0
    delay = timedelta(seconds=_DELAYS[min(before, len(_DELAYS) - 1)])
    AuthorityState.objects.update_or_create(
        name=name,
        defaults={
            "failed_at": at, "failures": before + 1, "problem": written(done.problem), "next_at": at + delay,
        },
    )  # fmt: skip


def _keep(wanted: _Wanted, stamps: tuple[Stamp, ...], at: datetime) -> None:
    row = wanted.row
    own = FurtherTimestamp.objects.filter(pk=row.pk)
    if not wanted.pair:
        own.update(token=stamps[0].token, chain=stamps[0].chain, there_at=at, claimed_until=None)
    else:
        package, plain = stamps
        made = EvidenceTimestamps(
            public_id=row.public_id, package_token=package.token, plain_token=plain.answer, authority=row.authority,
            chain=package.chain,
        )  # fmt: skip
        EvidenceTimestamps.objects.bulk_create([made], ignore_conflicts=True)
        [maker] = EvidenceTimestamps.objects.filter(public_id=row.public_id).values_list("authority", flat=True)
        # Another may have been quicker: then this one is asked for a further token.
        own.update(there_at=at if maker == row.authority else None, claimed_until=None)
    forget_erased(str(row.public_id))


def written(error: Error) -> str:
    """A sentence as it is kept, to be said later in whichever language."""
    return json.dumps(_as_json(error), ensure_ascii=False)


def _as_json(value: object) -> object:
    if isinstance(value, Error):
        return {"msgid": value.msgid, "params": {name: _as_json(each) for name, each in value.params.items()}}
    return value if isinstance(value, int) else str(value)


def read_back(text: str) -> Error | None:
    """What :func:`written` wrote."""
    return _as_error(json.loads(text)) if text else None


def _as_error(value: dict[str, object]) -> Error:
    params = value["params"]
    given = params if isinstance(params, dict) else {}
    told = {name: _as_error(each) if isinstance(each, dict) else each for name, each in given.items()}
    return AskingError(str(value["msgid"]), **told)
