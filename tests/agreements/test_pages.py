"""The pages of letters through Django's own client: staff, phone and public."""

import base64
from datetime import date, timedelta

import pytest
from django.urls import reverse

from sanbao.agreements import papers, queries, services
from sanbao.agreements.models import Agreement, ItemState
from sanbao.core import clock, documents
from sanbao.core.models import Entry, IssuedDocument
from sanbao.registry.models import Premises
from tests.agreements.conftest import EMPTY, SIGNATURE, served, signed


@pytest.fixture
def now(world, form):
    """Pages read the clock; what they show must have happened before."""
    return clock.now() - timedelta(minutes=1)


@pytest.fixture
def desk(client, world, form):
    client.force_login(world.clerk, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(client, name: str, *args, expect: int = 200, **query) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == expect, response.content[:2000]
    return response.content.decode()


def data_url(picture: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(picture).decode()


def envelope(letter, **changes) -> dict:
    answers = {f"item-{item.code}": "agreed" for item in letter.form.items.all()}
    return {
        **answers,
        "client_id": "phone-7",
        "signer_name": "李建国",
        "capacity": "operator",
        "signature": data_url(SIGNATURE),
        "consent": letter.form.text_hash,
        **changes,
    }


def test_every_staff_page_opens_for_a_clerk_and_not_for_a_stranger(desk, world, now):
    letter = signed(world.noodle_house, by=world.clerk, at=now)
    waiting = served(world.tea_house, by=world.clerk, at=now)
    names = [
        ("console:coverage",),
        ("console:coverage_rows",),
        ("console:unsigned",),
        ("console:strips",),
        ("console:strip", world.segment.pk),
        ("console:blind_spots",),
        ("console:zone_rule",),
        ("console:segment_zones", world.segment.pk),
        ("console:agreements",),
        ("console:agreement", letter.pk),
        ("console:agreement", waiting.pk),
        ("console:signing_links",),
        ("console:letter_forms",),
        ("console:premises_letters", world.noodle_house.pk),
    ]
    for name, *args in names:
        assert "<script>" not in page(desk, name, *args)
    desk.logout()
    for name, *args in names:
        assert desk.get(reverse(name, args=args)).status_code == 302
    desk.force_login(world.editor, backend="django.contrib.auth.backends.ModelBackend")
    for name, *args in names:
        assert desk.get(reverse(name, args=args)).status_code == 403


def test_every_number_of_the_coverage_page_opens_exactly_its_rows(desk, world, now):
    signed(world.noodle_house, by=world.clerk, at=now)
    whole = page(desk, "console:coverage")
    assert "1/2" in whole and "50.0%" in whole
    for kind, number in (("signed", 1), ("unsigned", 1), ("vacant", 1), ("exempt", 0), ("", 3)):
        rows = page(desk, "console:coverage_rows", kind=kind, area=world.area_district.code)
        assert f'data-test="count">{number}<' in rows
    below = page(desk, "console:coverage", area=world.community_a.code)
    assert f"segment={world.segment.pk}" in below


def test_an_area_without_fronts_says_no_data_instead_of_a_percentage(desk, world):
    desk.cookies["django_language"] = "en"
    text = page(desk, "console:coverage", area=world.area_b.code)
    figure = text.split('data-test="whole"')[1].split("</p>")[0]
    assert "no data" in figure and "%" not in figure


def test_the_worklist_drafts_letters_with_links_and_prints_their_codes(desk, world, now):
    worklist = page(desk, "console:unsigned")
    assert "望桥区老李面馆" in worklist and "望桥清和茶业有限公司" in worklist
    assert worklist.count('type="checkbox" name="premises"') == worklist.count(" checked>") == 2
    response = desk.post(
        reverse("console:draft_letters"),
        {"premises": [world.noodle_house.pk, world.vacant_front.pk], "area": world.area_district.code},
    )
    assert response.status_code == 302
    letter = Agreement.objects.get()
    assert (letter.premises, letter.state) == (world.noodle_house, "served")
    codes = desk.get(response["Location"]).content.decode()
    assert services.link_path(letter) in codes and "data:image/svg+xml" in codes
    assert desk.post(reverse("console:draft_letters"), {}).status_code == 409


@pytest.mark.parametrize(
    "name", ["console:coverage", "console:coverage_lists", "console:coverage_rows", "console:unsigned", "console:agreements"]
)
@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_what_is_shown_can_be_exported(desk, world, now, name, fmt):
    signed(world.noodle_house, by=world.clerk, at=now)
    response = desk.get(reverse(name), {"export": fmt})
    assert response.status_code == 200
    data = b"".join(response.streaming_content) if response.streaming else response.content
    assert data.startswith(b"PK" if fmt == "xlsx" else b"\xef\xbb\xbf")


def test_lists_take_the_same_number_of_queries_at_two_rows_and_at_twenty(desk, world, now):
    def queries_of(name):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as captured:
            page(desk, name)
        return len(captured)

    names = ("console:coverage", "console:coverage_rows", "console:unsigned", "console:strips", "console:agreements")
    few = {name: queries_of(name) for name in names}
    for number in range(20):
        Premises.objects.create(
            code=f"X{number}", area=world.community_a, address=f"{number}号", segment=world.segment, side="right",
            start_m=20 + number * 5, end_m=24 + number * 5, known_since=date(2026, 1, 1),
        )  # fmt: skip
    assert {name: queries_of(name) for name in names} == few


def test_a_letter_is_declined_and_ended_from_its_page(desk, world, now):
    letter = served(world.noodle_house, by=world.clerk, at=now)
    assert desk.post(reverse("console:agreement_refuse", args=[letter.pk]), {"note": ""}).status_code == 409
    assert desk.post(reverse("console:agreement_refuse", args=[letter.pk]), {"note": "回去商量"}).status_code == 302
    assert desk.post(reverse("console:agreement_end", args=[letter.pk]), {"note": "关店"}).status_code == 302
    assert Agreement.objects.get().state == "ended"


def test_a_front_is_exempted_from_its_page(desk, world):
    form = {"reason_code": "works", "reason": "围挡施工", "from_on": "2026-09-01", "until_on": ""}
    url = reverse("console:exempt_premises", args=[world.tea_house.pk])
    assert desk.post(url, {**form, "until_on": "soon"}).status_code == 422
    assert desk.post(url, form).status_code == 302
    assert "围挡施工" in page(desk, "console:premises_letters", world.tea_house.pk)


def test_a_merchant_signs_on_the_phone_and_gets_the_paper(client, world, now):
    letter = served(world.noodle_house, by=world.clerk, at=now)
    url = services.link_path(letter)
    shown = client.get(url).content.decode()
    assert "望桥区老李面馆" in shown and letter.form.items.first().wording in shown
    assert shown.count("<script") == shown.count('<script type="module" src=')
    response = client.post(url, envelope(letter, **{"item-L1": "not_applicable", "reason-L1": "门前没有树"}))
    assert response.status_code == 302
    row = queries.letter(letter.pk)
    assert row.state == "signed" and row.signature is not None
    assert ItemState.objects.get(item__code="L1").reason == "门前没有树"
    thanks = client.get(response["Location"]).content.decode()
    assert row.document.check_code in thanks
    token = papers.token_of(row)
    pdf = client.get(reverse("field:signed_pdf", args=[token]))
    assert pdf.content == documents.pdf_bytes(row.document)
    assert client.post(url, envelope(letter)).status_code == 302
    assert client.post(url, envelope(letter, client_id="another")).status_code == 410
    assert client.get(url).status_code == 410
    assert IssuedDocument.objects.count() == 1


def test_a_refused_signature_keeps_what_was_filled_in_and_names_every_reason(client, world, now):
    letter = served(world.noodle_house, by=world.clerk, at=now)
    sent = envelope(letter, signature=data_url(EMPTY), consent="", signer_name="李建国")
    del sent["item-W1"]
    response = client.post(services.link_path(letter), sent)
    assert response.status_code == 409
    text = response.content.decode()
    assert 'value="李建国"' in text and text.count('class="reason"') == 3
    assert not ItemState.objects.exists()


def test_forged_expired_and_foreign_links_get_a_page_and_no_row(client, world, now):
    letter = served(world.noodle_house, by=world.clerk, at=now)
    before = Entry.objects.count()
    good = papers.token_of(letter)
    expired = Agreement.objects.get(pk=letter.pk)
    expired.link_expires_at = now - timedelta(days=1)
    for token in (good[:-1] + ("A" if good[-1] != "A" else "B"), "rubbish", papers.token_of(expired)):
        url = reverse("field:sign", args=[token])
        assert client.get(url).status_code == 403
        assert client.post(url, envelope(letter)).status_code == 403
        assert client.get(reverse("field:signed_pdf", args=[token])).status_code == 403
    assert Agreement.objects.get().state == "served"
    assert Entry.objects.count() == before


def test_the_link_of_an_ended_letter_is_over(client, world, now):
    letter = served(world.noodle_house, by=world.clerk, at=now)
    services.end_agreement(letter, note="写错了", by=world.clerk, at=now)
    response = client.post(services.link_path(letter), envelope(letter))
    assert response.status_code == 410
    assert Agreement.objects.get().state == "ended"


def test_anybody_may_check_a_letter_and_sees_nothing_personal(client, world, now):
    letter = signed(world.noodle_house, by=world.clerk, at=now)
    paper = letter.document
    for code in (paper.check_code, paper.check_code.lower().replace("-", "")):
        text = client.get(reverse("portal:check", args=[code])).content.decode()
        assert paper.number in text and paper.sha256 in text
        assert "李建国" not in text and "老李面馆" not in text and world.noodle_house.address not in text
        assert "state-ok" in text
    services.end_agreement(letter, note="停业", by=world.clerk, at=now)
    assert "state-warn" in client.get(reverse("portal:check", args=[paper.check_code])).content.decode()
    assert client.get(reverse("portal:check", args=["AAAA-BBBB-CCCC"])).status_code == 404
    assert client.get(reverse("portal:check_desk"), {"code": paper.check_code}).status_code == 302
