"""免申即享 from the list to the bank's answer, as two officers and two enterprises go through it."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("django", reason="grants need the [web] extra")

from tests.services.incentives.grants import paying


def test_a_batch_goes_from_its_list_to_the_banks_answer(five: Any) -> None:
    from zonary.services.incentives.grants.actions import take_payment_file
    from zonary.services.incentives.grants.repeating import replay_batch

    batch = paying.paid(five)
    assert batch.state == "settled"
    states = dict(batch.grants.values_list("subject__name", "state"))
    assert set(states.values()) == {"paid"}
    file = batch.files.get()
    first = take_payment_file(str(file.public_id), by=five.officer, at=paying.AFTER_ANSWERS)
    assert first == take_payment_file(str(file.public_id), by=five.officer, at=paying.AFTER_ANSWERS)
    print(first.decode())
    assert replay_batch(batch).files == [file.digest]
