"""Exposures: no step without its person, nothing recognisable, and nothing stays longer than it may."""

from datetime import date, timedelta

import pytest

from sanbao.core import clock, files, journal
from sanbao.core.errors import Forbidden, Refusal
from sanbao.core.models import Attachment, Entry, Posting
from sanbao.law.publicity import latest_end
from sanbao.problems import services as problems
from sanbao.publicity import queries, services
from sanbao.publicity.models import Publication
from tests.problems.conftest import issue, jpeg, serve
from tests.publicity.conftest import CLEAN, FACE, approved, published, reviewed


def codes(refused) -> set[str]:
    return {reason.code for reason in refused.value.reasons}


def test_a_proposal_names_the_road_and_the_problem_and_nobody(exposure, town) -> None:
    assert exposure.place == "柳荫路" and exposure.title.startswith("柳荫路 · ")
    text = f"{exposure.title}{exposure.body}{exposure.place}{exposure.data}"
    for name in ("老李", "面馆", "李建国", "1号", "138"):
        assert name not in text


def test_the_whole_way_leaves_its_trace(shown) -> None:
    assert shown.state == Publication.State.PUBLISHED
    actions = list(Entry.objects.filter(subject=journal.subject_of(shown)).values_list("action", flat=True))
    assert actions == [f"publication.{each}" for each in ("proposed", "masked", "reviewed", "approved", "published")]


def test_the_picture_as_it_came_in_is_never_public(shown, photo) -> None:
    assert shown.photo != photo and shown.photo.sha256 != photo.sha256
    assert files.is_public(shown.photo) and not files.is_public(photo)
    public = Attachment.objects.filter(role=files.PUBLIC).values_list("photo__sha256", flat=True)
    assert list(public) == [shown.photo.sha256]


def test_nothing_is_public_before_the_last_step(masked, town, client) -> None:
    for step in (lambda: None, lambda: reviewed(masked, town), lambda: services.approve(masked, by=town.zhao, at=town.at)):
        step()
        assert not files.is_public(masked.photo)
        assert client.get(f"/photos/{masked.photo.sha256}.jpg").status_code == 404
        assert not queries.published(town.at)
    services.publish(masked, by=town.editor, at=town.at)
    assert client.get(f"/photos/{masked.photo.sha256}.jpg").status_code == 200


def test_a_picture_is_marked_or_confirmed_to_show_nobody(exposure, photo, town) -> None:
    with pytest.raises(Refusal) as refused:
        services.mask_photo(exposure, photo, [], by=town.dispatcher, at=town.at)
    assert codes(refused) == {"no_rectangle"}
    services.mask_photo(exposure, photo, [], nothing_to_mask=True, by=town.dispatcher, at=town.at)
    assert exposure.photo.sha256 != photo.sha256


def test_only_its_own_pictures_and_only_usable_marks_are_taken(exposure, photo, town) -> None:
    stranger = files.store_photo(jpeg("red"), by=town.liu, at=town.at)
    with pytest.raises(Refusal) as refused:
        services.mask_photo(exposure, stranger, [FACE], by=town.dispatcher, at=town.at)
    assert codes(refused) == {"not_its_own"}
    with pytest.raises(Refusal) as refused:
        services.mask_photo(exposure, photo, [(0.9, 0.9, 0.4, 0.4)], by=town.dispatcher, at=town.at)
    assert codes(refused) == {"bad_rectangle"}


def test_a_picture_put_in_without_masking_stops_the_check(exposure, photo, town) -> None:
    Publication.objects.filter(pk=exposure.pk).update(photo=photo)
    exposure.refresh_from_db()
    with pytest.raises(Refusal) as refused:
        reviewed(exposure, town)
    assert "picture_not_masked" in codes(refused)


def test_marking_again_replaces_the_copy_and_a_checked_one_cannot_be_changed(masked, photo, town) -> None:
    first = masked.photo
    services.mask_photo(masked, photo, [FACE, (0.2, 0.2, 0.5, 0.5)], by=town.dispatcher, at=town.at)
    assert masked.photo != first and len(masked.masks) == 1
    reviewed(masked, town)
    for change in (
        lambda: services.mask_photo(masked, photo, [FACE], by=town.dispatcher, at=town.at),
        lambda: services.drop_photo(masked, role="before", by=town.dispatcher, at=town.at),
        lambda: services.edit(masked, title="新标题", body="", by=town.dispatcher, at=town.at),
    ):
        with pytest.raises(Refusal) as refused:
            change()
        assert codes(refused) == {"not_proposed"}


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"readable": None}, "exposure_masked"),
        ({"readable": ["人脸"]}, "exposure_masked"),
        ({"minor": None}, "protected_persons"),
        ({"minor": True}, "protected_persons"),
        ({"police_penalty": True}, "protected_persons"),
        ({"shows_reporter": True}, "protected_persons"),
        ({"names_party": None}, "naming_lawful"),
        ({"names_party": True}, "naming_lawful"),
    ],
)
def test_a_check_with_an_answer_missing_or_wrong_is_refused(masked, town, answers, code) -> None:
    with pytest.raises(Refusal) as refused:
        reviewed(masked, town, **answers)
    assert codes(refused) == {code}
    masked.refresh_from_db()
    assert (masked.state, masked.answers) == (Publication.State.PROPOSED, {})


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("老李面馆在店外摆桌", "naming_lawful"),
        ("经营者李建国已被责令改正", "naming_lawful"),
        ("柳荫路1号门前", "exposure_masked"),
        ("豫A12345占用盲道", "exposure_masked"),
        ("联系13800000001", "exposure_masked"),
    ],
)
def test_a_text_that_leads_to_somebody_is_refused_whatever_the_reviewer_says(masked, town, body, code) -> None:
    services.edit(masked, title=masked.title, body=body, by=town.dispatcher, at=town.at)
    with pytest.raises(Refusal) as refused:
        reviewed(masked, town)
    assert code in codes(refused)


def test_the_text_is_looked_at_again_when_publishing(masked, town) -> None:
    approved(masked, town)
    Publication.objects.filter(pk=masked.pk).update(body="老李面馆")
    masked.refresh_from_db()
    with pytest.raises(Refusal) as refused:
        services.publish(masked, by=town.editor, at=town.at)
    assert codes(refused) == {"naming_lawful", "exposure_masked"}


def test_whoever_trades_or_traded_there_is_protected(masked, town) -> None:
    from sanbao.registry.models import Occupancy

    Occupancy.objects.filter(premises=town.noodle_house).update(until_on=clock.local_day(town.at))
    Occupancy.objects.create(premises=town.noodle_house, merchant=town.hardware_shop, from_on=clock.local_day(town.at))
    services.edit(masked, title=masked.title, body="顺达五金店也在此", by=town.dispatcher, at=town.at)
    with pytest.raises(Refusal) as refused:
        reviewed(masked, town)
    assert "naming_lawful" in codes(refused)


def allow(person, *roles) -> None:
    """Give a person further roles."""
    for role in roles:
        Posting.objects.create(user=person, department=person.department, role=role, from_on=date(2026, 1, 1))
    person.__dict__.pop("_postings_read", None)


def test_whoever_proposed_does_not_check_and_whoever_checked_does_not_approve(masked, town) -> None:
    allow(town.dispatcher, "legal_reviewer", "leader")
    allow(town.qian, "leader")
    with pytest.raises(Refusal) as refused:
        services.review(masked, answers=CLEAN, by=town.dispatcher, at=town.at)
    assert codes(refused) == {"same_person_reviews"}
    reviewed(masked, town)
    for person in (town.dispatcher, town.qian):
        with pytest.raises(Refusal) as refused:
            services.approve(masked, by=person, at=town.at)
        assert codes(refused) == {"same_person_approves"}
    services.approve(masked, by=town.leader, at=town.at)


@pytest.mark.parametrize("person", ["liu", "clerk", "contact", "gridworker", "editor", "dispatcher"])
def test_checking_and_approving_are_not_everybodys(masked, town, person) -> None:
    who = getattr(town, person)
    with pytest.raises(Forbidden):
        services.review(masked, answers=CLEAN, by=who, at=town.at)
    reviewed(masked, town)
    with pytest.raises(Forbidden):
        services.approve(masked, by=who, at=town.at)


def test_an_officer_neither_proposes_nor_publishes_nor_withdraws(finding, town, shown) -> None:
    for act in (
        lambda: services.propose_exposure(finding, by=town.liu, at=town.at),
        lambda: services.publish(shown, by=town.liu, at=town.at),
        lambda: services.withdraw(shown, reason="x", by=town.editor, at=town.at),
    ):
        with pytest.raises(Forbidden):
            act()


@pytest.mark.parametrize("step", ["publish", "approve"])
def test_no_step_is_skipped(masked, town, step) -> None:
    who = {"publish": town.editor, "approve": town.zhao}[step]
    with pytest.raises(Refusal) as refused:
        getattr(services, step)(masked, by=who, at=town.at)
    assert codes(refused) == {"wrong_state"}


def test_a_matter_is_proposed_once_at_a_time(exposure, finding, town) -> None:
    with pytest.raises(Refusal) as refused:
        services.propose_exposure(finding, by=town.dispatcher, at=town.at)
    assert codes(refused) == {"already_proposed"}
    services.discard(exposure, reason="重复", by=town.dispatcher, at=town.at)
    assert services.propose_exposure(finding, by=town.dispatcher, at=town.at).state == "proposed"


def test_what_a_merchant_reported_of_its_own_door_is_not_exposed(town) -> None:
    report = problems.receive_report(
        source="merchant", class_code="H01", lon=113.7001, lat=34.72, premises=town.noodle_house, by=None, at=town.at
    )
    found = problems.accept_report(report, by=town.dispatcher, at=town.at)
    with pytest.raises(Refusal) as refused:
        services.propose_exposure(found, by=town.dispatcher, at=town.at)
    assert codes(refused) == {"own_report"}


def test_sending_back_and_discarding_need_a_reason_and_sending_back_voids_the_check(masked, town) -> None:
    approved(masked, town)
    for act in (services.send_back, services.discard):
        with pytest.raises(Refusal) as refused:
            act(masked, reason="  ", by=town.zhao, at=town.at)
        assert codes(refused) == {"reasoned"}
    services.send_back(masked, reason="右上角店招仍可辨认", by=town.zhao, at=town.at)
    assert (masked.state, masked.answers, masked.reviewed_by, masked.approved_by) == ("proposed", {}, None, None)


def test_somebody_who_was_faster_stops_the_second(masked, town) -> None:
    stale = Publication.objects.get(pk=masked.pk)
    reviewed(masked, town)
    with pytest.raises(Refusal) as refused:
        reviewed(stale, town)
    assert codes(refused) == {"moved_on"}


def test_an_exposure_ends_by_itself_on_its_last_day(shown, town) -> None:
    last = latest_end("exposure", town.at)
    assert shown.ends_on == last
    assert services.end_expired(last) == []
    assert list(queries.published(clock.at_local(last, 23))) == [shown]
    assert not queries.published(clock.at_local(last + timedelta(days=1)))
    assert services.end_expired(last + timedelta(days=1)) == [shown]
    shown.refresh_from_db()
    assert shown.state == Publication.State.ENDED and not files.is_public(shown.photo)
    assert services.end_expired(last + timedelta(days=2)) == []


def test_an_exposure_ends_when_the_problem_is_put_right(shown, finding, town) -> None:
    problems.close_finding(finding, closing="餐桌已收回", by=town.liu, at=town.at + timedelta(hours=2))
    entry = Entry.objects.get(action="finding.closed")
    assert services.end_put_right(entry) == [shown]
    assert services.end_put_right(entry) == []
    shown.refresh_from_db()
    assert shown.state == Publication.State.ENDED


def test_the_recheck_that_finds_it_corrected_ends_the_exposure_too(shown, finding, town) -> None:
    from sanbao.problems.services import Declared

    order = issue(town, finding)
    serve(town, order)
    seen = files.store_photo(jpeg("green"), by=town.sun, at=town.at)
    sworn = Declared(showed_certificates=True, no_conflict=True, reasonable=True)
    order.refresh_from_db()
    problems.recheck(
        order, passed=True, photos=[seen], second=town.chen, declared=sworn, note="已收回", by=town.sun, at=order.correct_by
    )
    assert services.end_put_right(Entry.objects.get(action="order.corrected")) == [shown]


def test_what_has_been_put_right_is_published_only_with_the_picture_afterwards(masked, finding, town) -> None:
    approved(masked, town)
    after = files.store_photo(jpeg("blue"), by=town.liu, at=town.at)
    problems.close_finding(finding, closing="餐桌已收回", photos=[after], by=town.liu, at=town.at + timedelta(minutes=1))
    with pytest.raises(Refusal) as refused:
        services.publish(masked, by=town.editor, at=town.at)
    assert codes(refused) == {"put_right"}
    services.send_back(masked, reason="补充整改后照片", by=town.zhao, at=town.at)
    services.mask_photo(masked, after, [], role="after", nothing_to_mask=True, by=town.dispatcher, at=town.at)
    published(masked, town)
    assert files.is_public(masked.photo) and files.is_public(masked.photo_after)
    assert services.end_put_right(Entry.objects.get(action="finding.closed")) == []


def test_withdrawing_needs_a_reason_takes_the_pictures_down_and_keeps_the_reason(shown, town) -> None:
    with pytest.raises(Refusal) as refused:
        services.withdraw(shown, reason="", by=town.zhao, at=town.at)
    assert codes(refused) == {"reasoned"}
    services.withdraw(shown, reason="地点有误", by=town.zhao, at=town.at)
    assert (shown.state, shown.reason) == ("withdrawn", "地点有误")
    assert not files.is_public(shown.photo) and not queries.published(town.at)
    assert queries.for_the_public(shown.pk, town.at) == shown


def test_the_road_is_shown_even_where_only_an_address_is_known(town, finding) -> None:
    finding.premises, finding.place = None, "柳荫路17号院3单元"
    assert services.proposing.road_of(finding) == "柳荫路"
    finding.place = "不知何处"
    assert services.proposing.road_of(finding) == str(finding.area)
