"""What the doctor and the first page of the system administrator say of further timestamp authorities."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from zonary.common.clock import to_the_second
from zonary.foundation.ledger.checkup import Finding, Severity
from zonary.proof.package.report import Sentence
from zonary.services.evidence.models import AuthorityState
from zonary.services.evidence.tasks.further import read_back, waiting
from zonary.services.evidence.tokens import asks_further, authorities

NAME = "timestamps"


def check_timestamps() -> Iterator[Finding]:
    """One finding for each authority that is asked in the background; none where there is none."""
    if not asks_further():
        return
    states = {each.name: each for each in AuthorityState.objects.all()}
    told = waiting()
    yield Finding(
        NAME,
        Severity.OK,
        Sentence(
            "A record counts as timestamped once authorities of {needed} operators have signed; {count} authorities "
            "are asked.",
            {"needed": authorities().required, "count": len(authorities().entries)},
        ),
    )
    for each in authorities().further:
        yield _finding(each.name, states.get(each.name), told[each.name])


def _finding(name: str, state: AuthorityState | None, count: int) -> Finding:
    problem = read_back(state.problem) if state is not None and state.failures else None
    if state is None or (state.answered_at is None and problem is None):
        found = Sentence(
            "“{name}” has not been asked yet; records that wait for its timestamp: {count}.",
            {"name": name, "count": count},
        )
        return Finding(NAME, Severity.OK, found)
    if problem is None or state.failed_at is None or state.next_at is None:
        answered = "" if state.answered_at is None else to_the_second(state.answered_at)
        found = Sentence(
            "“{name}” answered last at {time}; records that wait for its timestamp: {count}.",
            {"name": name, "time": answered, "count": count},
        )
        return Finding(NAME, Severity.OK, found)
    return Finding(
        NAME,
        Severity.WARNING,
        Sentence(
            "“{name}” failed {failures} times in a row, last at {time}: {reason} Records that wait for its "
            "timestamp: {count}.",
            {
                "name": name, "failures": state.failures, "time": to_the_second(state.failed_at), "reason": problem,
                "count": count,
            },
        ),
        _mend(to_the_second(state.next_at), state.answered_at),
    )  # fmt: skip


def _mend(following: str, answered_at: datetime | None) -> Sentence:
    if answered_at is None:
        return Sentence(
            "It is asked again at {next}, and none of them is lost. It has never answered: look at the network, or at "
            "its settings and contract.",
            {"next": following},
        )
    return Sentence(
        "It is asked again at {next}, and none of them is lost. Look at the network, or at its settings and "
        "contract. It last answered at {answered}.",
        {"next": following, "answered": to_the_second(answered_at)},
    )
