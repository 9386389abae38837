"""The soak in small: twenty people, two weeks over the northern change of clocks, each trouble once."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.local.faults import Faults
from tests.soak.run import Asked, soak
from tests.soak.trouble import Trouble

#: The clocks of North America change the night before, those of Europe in the second week.
START = datetime(2028, 3, 13, tzinfo=UTC)
SHARES = Faults(bad_gateway=0.02, reset_after_accept=0.01)


@pytest.mark.timeout(400)  # processes start and are killed; a loaded machine takes its time
def test_two_weeks_with_every_trouble_leave_nothing_unaccounted_for() -> None:
    asked = Asked(20, 2, 7, "sqlite", timedelta(minutes=120), 12.0, start=START, shares=SHARES, once=True)
    result = soak(asked)
    assert result.findings.wrong == []
    assert set(result.thrown) == set(Trouble)
    assert result.findings.counts["question sent"] > 100
    assert result.findings.counts["replies kept"] > 20
