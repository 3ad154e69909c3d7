"""The examples of `legality.toml`, and what holds of every path through the procedures."""

import pytest

from sanbao.law.publicity import CampaignOrderFacts, campaign_objection, metric_objection

from .cases import attempt, table

VECTORS = table("legality.toml")["vector"]


def _reasons(row):
    if "metric" in row:
        return [metric_objection(frozenset(row["metric"]))]
    if "campaign" in row:
        return [campaign_objection(CampaignOrderFacts(**row["campaign"]))]
    return attempt(row.get("workflow", "penalty"), row["step"], row).reasons


@pytest.mark.parametrize("row", VECTORS, ids=[f"T{row['t']}" for row in VECTORS])
def test_the_example_is_judged_as_the_manual_says(row):
    reasons = _reasons(row)
    shown = [reason.text() for reason in reasons]
    assert sorted(reason.code for reason in reasons if reason.blocks) == sorted(row.get("blocked", [])), shown
    assert sorted(reason.code for reason in reasons if not reason.blocks) == sorted(row.get("warned", [])), shown


def test_every_number_of_the_manual_has_an_example():
    numbers = {int("".join(sign for sign in row["t"] if sign.isdigit())) for row in VECTORS}
    assert numbers == set(range(40, 85))
