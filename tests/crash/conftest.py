"""The grounds on which the samples of ``make crash`` take place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.crash.harness.combinations import Combination, Ground


@pytest.fixture(scope="module")
def grounds() -> Iterator[Callable[[Combination], Ground]]:
    """The servers of a combination, started when first asked for."""
    pytest.importorskip("django", reason="the server needs the [web] extra")
    from tests.crash.harness.combinations import Ground, fast_folder

    made: dict[Combination, Ground] = {}
    with ExitStack() as stack:

        def ground(combination: Combination) -> Ground:
            if combination not in made:
                folder = stack.enter_context(fast_folder())
                made[combination] = stack.enter_context(Ground(combination, folder / "ground"))
            return made[combination]

        yield ground


@pytest.fixture(scope="session")
def strace() -> None:
    """There is strace, which ``make test`` installs where it may."""
    from tests.crash.harness.tracing import StraceMissingError, find_strace

    try:
        find_strace()
    except StraceMissingError as error:
        pytest.skip(str(error))
