"""What has happened in the district before a story begins. Runs inside the story's installation, through the services alone.

The cast's papers are dated around the day on which the tests run, so that a story of today can be told on any day.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from sanbao.agreements.form_text import read_form
from sanbao.agreements.services import issue_form
from sanbao.core import clock, district
from sanbao.core.models import Certificate, District, Posting, User
from sanbao.registry.models import Merchant, Occupancy, Premises

BEFORE = 400


def settle() -> None:
    """Give the district its invented locality's law, and let everybody be in office since more than a year."""
    today = clock.today()
    since = today - timedelta(days=BEFORE)
    District.objects.filter(code=district.current_id()).update(law_file="local_demo.toml")
    Posting.objects.update(from_on=since)
    Certificate.objects.update(from_on=since, until_on=today + timedelta(days=BEFORE))
    Premises.objects.update(known_since=since)
    Merchant.objects.update(registered_on=since)
    Occupancy.objects.update(from_on=since)


def days_ago(days: float, hour: int = 10) -> datetime:
    """An hour of a day before today."""
    return clock.at_local(clock.today() - timedelta(days=days), hour)


def issue_letter_text() -> str:
    """Put the shipped text of the letter in force since a month; its version."""
    text = replace(read_form("2026"), effective_from=clock.today() - timedelta(days=30))
    return issue_form(text, by=User.objects.get(username="dispatcher"), at=days_ago(30)).version
