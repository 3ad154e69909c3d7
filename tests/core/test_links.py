"""Signed links: for one row, one purpose, one time."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanbao.core import links
from sanbao.core.errors import Malformed
from sanbao.core.models import Department
from sanbao.registry.models import Premises

ID = "01999999-0000-7000-8000-000000000001"


def test_a_link_names_its_row_for_its_purpose_only():
    token = links.make_token("sign", Premises(pk=ID, district_id=990101))
    assert links.read_token("sign", token) == ID
    with pytest.raises(links.BrokenLink) as refusal:
        links.read_token("follow", token)
    assert refusal.value.status == 403
    assert isinstance(refusal.value, Malformed)


def test_a_link_ends_at_its_instant(world):
    token = links.make_token("sign", world.noodle_house, expires_at=world.at)
    assert links.read_token("sign", token, at=world.at - timedelta(seconds=1)) == str(world.noodle_house.pk)
    with pytest.raises(links.BrokenLink) as refusal:
        links.read_token("sign", token, at=world.at)
    assert refusal.value.reasons[0].code == "link_expired"


@given(st.text(max_size=60))
def test_no_made_up_text_opens_anything(text):
    with pytest.raises(links.BrokenLink):
        links.read_token("sign", text)


@given(st.integers(min_value=0, max_value=60), st.characters(codec="ascii"))
def test_an_altered_link_opens_nothing(place, character):
    token = links.make_token("sign", Department(pk=7))
    altered = token[: place % len(token)] + character + token[place % len(token) + 1 :]
    if altered != token:
        with pytest.raises(links.BrokenLink):
            links.read_token("sign", altered)
