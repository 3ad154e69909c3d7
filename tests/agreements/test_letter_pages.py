"""The pages of texts, matrix, rounds, notices, paper letters, batches and renewals, through Django's own client."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from sanbao.agreements import notices, paper_letters, queries, rounds, services, versioning
from sanbao.agreements.form_text import FOLDER
from sanbao.agreements.models import Agreement, Attempt, Form, PaperEntry, SigningRound, ZoneNotice
from sanbao.core import clock
from sanbao.core.worker import work_off
from sanbao.registry import services as registry
from tests.agreements.conftest import all_agreed, served, signed
from tests.agreements.test_pages import desk, now, page  # noqa: F401
from tests.agreements.test_reaching import PHOTO
from tests.agreements.test_versions import LOCAL

BACKEND = "django.contrib.auth.backends.ModelBackend"


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("paper.png", PHOTO, "image/png")


def test_every_page_opens_for_a_clerk_and_not_for_a_stranger(desk, world, now):  # noqa: F811
    letter = served(world.tea_house, by=world.clerk, at=now)
    day = clock.local_day(now)
    entry = paper_letters.type_in(
        world.noodle_house, signed_on=day, signer_name="李建国", capacity="operator", items=all_agreed(queries.form_on(day)),
        photos=[PHOTO], by=world.gridworker, at=now,
    )  # fmt: skip
    row = rounds.open_round(
        "秋季", area=world.area_a, people=[world.gridworker], from_on=day, until_on=day, by=world.clerk, at=now
    )
    names = [
        ("console:letter_forms",),
        ("console:propose_version",),
        ("console:item_matrix",),
        ("console:reach",),
        ("console:signing_rounds",),
        ("console:signing_round", row.pk),
        ("console:zone_notice", letter.pk),
        ("console:type_in_paper", world.tea_house.pk),
        ("console:paper_letters",),
        ("console:paper_letter", entry.pk),
        ("console:print_batches",),
        ("console:renewals",),
    ]
    for name, *args in names:
        assert "<script>" not in page(desk, name, *args)
    desk.force_login(world.editor, backend=BACKEND)
    for name, *args in names:
        assert desk.get(reverse(name, args=args)).status_code == 403


@pytest.mark.parametrize(
    "name",
    ["console:item_matrix", "console:reach", "console:signing_rounds", "console:paper_letters", "console:renewals"],
)
@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_every_table_is_exported_as_shown(desk, world, now, name, fmt):  # noqa: F811
    signed(world.noodle_house, by=world.clerk, at=now)
    response = desk.get(reverse(name), {"export": fmt})
    data = b"".join(response.streaming_content) if response.streaming else response.content
    assert data.startswith(b"PK" if fmt == "xlsx" else b"\xef\xbb\xbf")


def test_a_text_is_issued_only_after_what_changes_and_who_signs_again_was_shown(client, world, now):  # noqa: F811
    client.force_login(world.dispatcher, backend=BACKEND)
    signed(world.noodle_house, by=world.clerk, at=now)
    first = (clock.local_day(now) + timedelta(days=30)).isoformat()
    sent = {"source": "2026_four", "from": first, "version": "2027-1"}
    shown = client.post(reverse("console:publish_form"), sent).content.decode()
    assert "S1" in shown and "kind=signed" in shown and Form.objects.count() == 1
    response = client.post(reverse("console:publish_form"), {**sent, "act": "issue"})
    assert response.status_code == 302
    form = Form.objects.get(version="2027-1")
    assert len(form.duties) == 4 and form.items.count() == 15
    assert 'class="diff-sum"' in client.get(response["Location"]).content.decode()


def test_a_file_of_ones_own_is_read_or_refused_with_the_reason(client, world, form):
    client.force_login(world.dispatcher, backend=BACKEND)
    url = reverse("console:publish_form")
    words = (FOLDER / "2026.toml").read_text("utf-8").replace("2026-1", "2026-9")
    good = SimpleUploadedFile("form.toml", words.encode(), "text/plain")
    shown = client.post(url, {"from": "2027-01-01", "file": good}).content.decode()
    assert "2026-9" in shown
    for rubbish in (b"name = ", b"\xff\xfe", words.replace('duty = "order"', 'duty = "music"').encode(), b'name = "x"'):
        bad = SimpleUploadedFile("form.toml", rubbish, "text/plain")
        assert client.post(url, {"from": "2027-01-01", "file": bad}).status_code == 422
    assert Form.objects.count() == 1


def test_a_unit_proposes_on_its_page_and_the_district_approves_on_its_own(desk, world, form):  # noqa: F811
    sent = {
        "unit": world.street_office.pk,
        "paragraphs-2": "门前地面由街道每周冲洗一次。",
        "duty-0": "order",
        "wording-0": "夜市摊位按时收摊。",
        "question-0": "夜市摊位是否按时收摊？",
    }
    assert desk.post(reverse("console:propose_version"), {**sent, "question-0": ""}).status_code == 422
    response = desk.post(reverse("console:propose_version"), sent)
    assert response.status_code == 302
    version = Form.objects.get(unit=world.street_office)
    shown = desk.get(response["Location"]).content.decode()
    assert "<ins>门前地面由街道每周冲洗一次。</ins>" in shown and 'data-test="approve"' not in shown
    assert desk.post(reverse("console:approve_version", args=[version.pk])).status_code == 403
    desk.force_login(world.dispatcher, backend=BACKEND)
    assert 'data-test="approve"' in page(desk, "console:letter_forms", version=version.version)
    assert desk.post(reverse("console:approve_version", args=[version.pk])).status_code == 302
    version.refresh_from_db()
    assert version.state == "issued"


def test_a_version_is_returned_from_its_page(client, world, form):
    version = versioning.propose_version(
        world.street_office, paragraphs=LOCAL, items=[], effective_from=date(2026, 9, 21), by=world.clerk, at=world.at
    )
    client.force_login(world.dispatcher, backend=BACKEND)
    url = reverse("console:return_version", args=[version.pk])
    assert client.post(url, {"note": ""}).status_code == 409
    assert client.post(url, {"note": "写明每周哪一天"}).status_code == 302
    assert "写明每周哪一天" in page(client, "console:letter_forms", version=version.version)


def test_every_number_of_the_matrix_opens_exactly_its_fronts(desk, world, now):  # noqa: F811
    signed(world.noodle_house, by=world.clerk, at=now)
    whole = page(desk, "console:item_matrix")
    assert 'data-test="count">2<' in whole
    assert 'data-test="count">1<' in page(desk, "console:item_matrix", item="W1", state="agreed")
    assert 'data-test="count">1<' in page(desk, "console:item_matrix", item="W1", state="open")
    assert 'data-test="count">2<' in page(desk, "console:item_matrix", item="XX", state="open")


def test_a_notice_is_recorded_on_its_page_and_a_poor_one_names_every_reason(desk, world, now):  # noqa: F811
    letter = served(world.noodle_house, by=world.clerk, at=now)
    url = reverse("console:zone_notice", args=[letter.pk])
    poor = desk.post(url, {"manner": "posted"})
    assert poor.status_code == 409 and poor.content.decode().count('class="reason"') == 2
    assert desk.post(url, {"manner": "posted", "noticed_at": "soon", "photos": photo()}).status_code == 422
    assert desk.post(url, {"manner": "posted", "second": world.gridworker.pk, "photos": photo()}).status_code == 302
    notice = ZoneNotice.objects.get()
    assert 'data-test="notice-pdf"' in page(desk, "console:agreement", letter.pk)
    assert desk.get(reverse("console:notice_pdf", args=[notice.pk])).content.startswith(b"%PDF")
    assert 'data-test="reach-notified"' in page(desk, "console:reach", reach="notified")


def test_a_paper_letter_goes_from_one_desk_to_the_other(desk, world, now):  # noqa: F811
    url = reverse("console:type_in_paper", args=[world.noodle_house.pk])
    items = {f"item-{item.code}": "agreed" for item in queries.form_on(clock.local_day(now)).items.all()}
    sent = {**items, "signed_on": clock.local_day(now).isoformat(), "signer_name": "李建国", "capacity": "operator"}
    assert desk.post(url, {**sent, "signed_on": "x"}).status_code == 422
    poor = desk.post(url, {**sent, "item-L1": "not_applicable"})
    assert poor.status_code == 409 and poor.content.decode().count('class="reason"') == 2 and "李建国" in poor.content.decode()
    assert desk.post(url, {**sent, "photos": photo()}).status_code == 302
    entry = PaperEntry.objects.get()
    assert 'data-test="confirm"' not in page(desk, "console:paper_letter", entry.pk)
    compare = reverse("console:compare_paper", args=[entry.pk])
    assert desk.post(compare, {"act": "confirm"}).status_code == 409
    desk.force_login(world.gridworker, backend=BACKEND)
    assert 'data-test="confirm"' in page(desk, "console:paper_letter", entry.pk)
    assert desk.post(compare, {"act": "confirm"}).status_code == 302
    letter = Agreement.objects.get()
    assert (letter.state, letter.means) == ("signed", "paper")
    assert reverse("console:paper_letter", args=[entry.pk]) in page(desk, "console:agreement", letter.pk)


def test_a_round_is_opened_walked_and_closed_on_its_pages(desk, world, now):  # noqa: F811
    day = clock.local_day(now)
    sent = {"name": "秋季补签", "area": world.community_a.code, "from": day.isoformat(), "until": day.isoformat()}
    assert desk.post(reverse("console:signing_rounds"), sent).status_code == 422
    response = desk.post(reverse("console:signing_rounds"), {**sent, "people": [world.gridworker.pk]})
    assert response.status_code == 302
    attempt = reverse("console:record_attempt", args=[world.noodle_house.pk])
    assert desk.post(attempt, {"result": "shut", "next_on": "soon"}).status_code == 422
    tomorrow = clock.today() + timedelta(days=1)
    assert desk.post(attempt, {"result": "shut", "note": "周一休息", "next_on": tomorrow.isoformat()}).status_code == 302
    assert Attempt.objects.count() == 1
    shown = desk.get(response["Location"]).content.decode()
    assert "周一休息" in shown and '<span class="num">0</span><span class="cover-of">/2</span>' in shown
    row = SigningRound.objects.get()
    assert desk.post(reverse("console:close_round", args=[row.pk]), {"note": ""}).status_code == 409
    assert desk.post(reverse("console:close_round", args=[row.pk]), {"note": "下月再访"}).status_code == 302
    assert 'data-test="left">2<' in page(desk, "console:signing_round", row.pk)


def test_letters_of_an_area_are_printed_by_the_worker_as_one_file(desk, world, now):  # noqa: F811
    assert desk.post(reverse("console:ask_print")).status_code == 409
    served(world.noodle_house, by=world.clerk, at=now)
    response = desk.post(reverse("console:ask_print"), {"area": world.area_a.code})
    assert "hx-get" in desk.get(response["Location"]).content.decode()
    assert desk.get(response["Location"] + "letters.pdf").status_code == 404
    work_off(raising=True)
    assert 'data-test="file"' in desk.get(response["Location"]).content.decode()
    assert desk.get(response["Location"] + "letters.pdf").content.startswith(b"%PDF")


def test_a_tenant_who_leaves_takes_the_letter_along_the_same_day(desk, world, form):  # noqa: F811
    day = world.at.date()
    letter = signed(world.noodle_house, by=world.clerk, at=world.at - timedelta(days=30))
    assert queries.standing_of(letter, day) == "in_force"
    registry.begin_occupancy(world.noodle_house, world.hardware_shop, from_on=day, by=world.clerk, at=world.at)
    assert queries.standing_of(letter, day - timedelta(days=1)) == "in_force"
    assert queries.standing_of(letter, day) == "ended"
    assert 'data-test="unsigned"' in page(desk, "console:unsigned", kind="operator_changed")
    assert 'class="state state-warn"' in page(desk, "console:agreement", letter.pk)
    paper = page(desk, "portal:check", letter.document.check_code)
    assert "state-warn" in paper and "state-ok" not in paper


def test_letters_that_run_out_are_listed_before_and_after_their_end(desk, world, now):  # noqa: F811
    soon, over = (signed(front, by=world.clerk, at=now) for front in (world.noodle_house, world.tea_house))
    for letter, days in ((soon, 5), (over, -5)):
        ends = {"term_until": clock.today() + timedelta(days=days), "term_from": world.at.date()}
        Agreement.objects.filter(pk=letter.pk).update(**ends, signed_on=world.at.date())
    shown = page(desk, "console:renewals")
    assert soon.number in shown and 'class="tile-figure">1<' in shown
    over = page(desk, "console:renewals", which="ended")
    assert world.tea_house.address in over and soon.number not in over
    registry.end_occupancy(world.tea_house, on=clock.today() - timedelta(days=1), by=world.clerk, at=now)
    assert world.tea_house.address not in page(desk, "console:renewals", which="ended")


def test_declining_shows_as_declined_in_the_worklist(desk, world, now):  # noqa: F811
    letter = served(world.noodle_house, by=world.clerk, at=now)
    services.record_refusal(letter, note="再想想", by=world.gridworker, at=now)
    assert letter.get_state_display() in page(desk, "console:unsigned")
    notices.record_notice(letter, manner="left", photos=[PHOTO], second=world.clerk, by=world.gridworker, at=now)
    assert letter.get_state_display() in page(desk, "console:unsigned")
