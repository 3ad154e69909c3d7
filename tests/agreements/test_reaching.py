"""Reaching everybody: notices, paper letters, rounds and printed batches, through the services."""

from datetime import date, timedelta

import pytest

from sanbao.agreements import coverage, notices, paper_letters, printing, queries, reaching, rounds, services, tasks
from sanbao.agreements.lifecycle import Answer
from sanbao.agreements.models import Agreement, Attempt, LetterPrint, PaperEntry, ZoneNotice
from sanbao.core import documents, files
from sanbao.core.errors import Forbidden, Malformed, Refusal
from sanbao.core.models import Entry, Job
from sanbao.core.worker import work_off
from tests.agreements.conftest import SIGNATURE, all_agreed, drawing, served, signed, signing
from tests.agreements.test_services import _change_operator, _text, actions, codes

TODAY = date(2026, 9, 21)
PHOTO = drawing([(20, 20), (580, 220)])


def notified(world, letter, **more) -> ZoneNotice:
    told = {"manner": "posted", "photos": [PHOTO], "second": world.clerk, "by": world.gridworker, "at": world.at, **more}
    return notices.record_notice(letter, **told)


def reach_of(world, front, on: date = TODAY, since: date | None = None) -> str:
    return reaching.fronts(None, on, since).get(pk=front.pk).reach


def test_a_notice_is_proof_with_photos_two_persons_and_a_paper_and_never_a_signature(world, form):
    letter = served(world.noodle_house, by=world.clerk, at=world.at)
    services.record_refusal(letter, note="不签", by=world.gridworker, at=world.at)
    notice = notified(world, letter)
    assert Agreement.objects.get(pk=letter.pk).state == "notified"
    assert notice.place == "柳荫路1号" and files.attachments(notice, "notice").count() == 1
    assert documents.pdf_bytes(notice.document).startswith(b"%PDF") and notice.document.number.startswith("望柳街三包告字")
    assert coverage.classified(None, TODAY).get(pk=world.noodle_house.pk).kind == "unsigned"
    assert reach_of(world, world.noodle_house) == "notified"
    assert actions(letter)[-1] == "agreement.notified"


def test_a_notice_without_photo_or_seen_by_one_person_only_is_refused_with_both_reasons(world, form):
    letter = served(world.noodle_house, by=world.clerk, at=world.at)
    before = Entry.objects.count()
    with pytest.raises(Refusal) as refusal:
        notified(world, letter, photos=[], second=world.gridworker)
    assert codes(refusal) == {"photo_missing", "alone"}
    for wrong in ({"manner": "shouted"}, {"noticed_at": world.at + timedelta(minutes=1)}):
        with pytest.raises(Malformed):
            notified(world, letter, **wrong)
    with pytest.raises(Forbidden):
        notified(world, letter, by=world.qian)
    assert Entry.objects.count() == before and not ZoneNotice.objects.exists()
    assert notified(world, letter, second=None, witness="社区工作者 何芳").witness == "社区工作者 何芳"


def test_whoever_was_informed_may_still_sign_and_a_new_operator_was_not_informed(world, form):
    letter = served(world.noodle_house, by=world.clerk, at=world.at)
    notified(world, letter)
    assert services.sign(letter, **signing(letter), by=None, at=world.at).state == "signed"
    other = served(world.tea_house, by=world.clerk, at=world.at)
    notified(world, other)
    assert reach_of(world, world.tea_house) == "notified"
    services.signing_link(other, by=world.gridworker, at=world.at)
    assert other.state == "served" and reach_of(world, world.tea_house) == "notified"
    services.issue_form(_text("2026-2", date(2026, 10, 1)), by=world.dispatcher, at=world.at)
    assert reach_of(world, world.tea_house, date(2026, 10, 1)) == "untouched"


def test_declining_stays_visible_in_the_worklist_and_may_be_approached_again(world, form):
    letter = served(world.noodle_house, by=world.clerk, at=world.at)
    services.record_refusal(letter, note="先不签", by=world.gridworker, at=world.at)
    assert reach_of(world, world.noodle_house) == "refused"
    assert queries.waiting_letters([world.noodle_house.pk]) == {world.noodle_house.pk: letter}
    services.signing_link(letter, by=world.gridworker, at=world.at)
    assert reach_of(world, world.noodle_house) == "handed"


def typed(world, **more) -> PaperEntry:
    told = {
        "signed_on": TODAY - timedelta(days=3),
        "signer_name": "李建国",
        "capacity": "operator",
        "items": {**all_agreed(queries.form_on(TODAY)), "L1": Answer(False, "门前没有树")},
        "photos": [PHOTO],
        "by": world.gridworker,
        "at": world.at,
        **more,
    }
    return paper_letters.type_in(world.noodle_house, **told)


def test_a_paper_letter_counts_only_when_a_second_person_has_compared_it(world, form):
    entry = typed(world)
    assert actions(entry) == ["paper.typed"]
    assert coverage.classified(None, TODAY).get(pk=world.noodle_house.pk).kind == "unsigned"
    with pytest.raises(Refusal) as refusal:
        paper_letters.confirm(entry, by=world.gridworker, at=world.at)
    assert codes(refusal) == {"alone"}
    letter = paper_letters.confirm(entry, by=world.clerk, at=world.at)
    row = queries.letter(letter.pk)
    assert (row.state, row.means, row.signed_on, row.term_from) == ("signed", "paper", date(2026, 9, 18), date(2026, 9, 18))
    assert row.item_states.count() == form.items.count() and row.number == row.document.number
    assert row.document.facts["paper"] and row.document.facts["signed_at"] == "2026年9月18日"
    kinds = [coverage.classified(None, TODAY - timedelta(days=n)).get(pk=world.noodle_house.pk).kind for n in (4, 3)]
    assert kinds == ["unsigned", "signed"]
    with pytest.raises(Refusal):
        paper_letters.confirm(PaperEntry.objects.get(pk=entry.pk), by=world.clerk, at=world.at)


def test_a_paper_letter_takes_up_the_one_that_was_printed_for_it(world, form):
    letter = served(world.noodle_house, by=world.clerk, at=world.at - timedelta(days=5))
    assert paper_letters.confirm(typed(world), by=world.clerk, at=world.at) == letter
    assert Agreement.objects.count() == 1 and actions(letter)[-1] == "agreement.signed"


def test_a_paper_letter_never_overwrites_what_was_signed_later(world, form):
    entry = typed(world)
    later = signed(world.noodle_house, by=world.clerk, at=world.at)
    for act in (lambda: paper_letters.confirm(entry, by=world.clerk, at=world.at), lambda: typed(world, signed_on=TODAY)):
        with pytest.raises(Refusal):
            act()
    assert Agreement.objects.get().pk == later.pk and later.means == "electronic"
    paper_letters.reject(entry, note="已经在手机上签了", by=world.clerk, at=world.at)
    with pytest.raises(Refusal) as refusal:
        typed(world)
    assert codes(refusal) == {"later_letter"}


def test_every_fault_of_a_paper_letter_is_told_at_once_and_nothing_is_written(world, form):
    items = all_agreed(form)
    del items["W1"]
    with pytest.raises(Refusal) as refusal:
        typed(world, items=items, photos=[], signer_name=" ", capacity="king", signed_on=TODAY + timedelta(days=1))
    assert codes(refusal) == {"items_open", "photo_missing", "signer_missing", "capacity_missing", "term_over"}
    assert not PaperEntry.objects.exists()


def test_a_paper_letter_replaces_the_older_letter_of_the_same_party(world, form):
    old = signed(world.noodle_house, by=world.clerk, at=world.at - timedelta(days=100))
    new = paper_letters.confirm(typed(world), by=world.clerk, at=world.at)
    assert Agreement.objects.get(pk=old.pk).state == "superseded" and new.state == "signed"


def test_a_rejected_paper_says_why_and_may_be_typed_in_again(world, form):
    entry = typed(world)
    with pytest.raises(Refusal):
        typed(world)
    with pytest.raises(Refusal):
        paper_letters.reject(entry, note="", by=world.clerk, at=world.at)
    paper_letters.reject(entry, note="日期看不清", by=world.gridworker, at=world.at)
    assert typed(world).pk != entry.pk
    _change_operator(world, TODAY)
    with pytest.raises(Refusal) as refusal:
        paper_letters.confirm(PaperEntry.objects.get(state="typed"), by=world.clerk, at=world.at)
    assert codes(refusal) == {"not_operator"}


def opened(world, **more):
    told = {"area": world.community_a, "people": [world.gridworker], "from_on": TODAY, "until_on": TODAY + timedelta(days=9)}
    return rounds.open_round("柳荫社区秋季补签", **{**told, **more}, by=world.clerk, at=world.at)


def test_a_round_holds_every_front_that_lacks_a_letter_even_one_that_opened_yesterday(world, form):
    row = opened(world)
    assert (row.unit, row.form) == (world.street_office, form)
    assert rounds.fronts_of(row, TODAY).count() == 2
    from sanbao.registry import services as registry

    registry.begin_occupancy(world.vacant_front, world.hardware_shop, from_on=TODAY, by=world.clerk, at=world.at)
    signed(world.noodle_house, by=world.clerk, at=world.at)
    found = reaching.progress(rounds.fronts_of(row, TODAY), TODAY)
    assert (found.total, found.count["signed"], found.count["untouched"]) == (3, 1, 2)


def test_a_call_that_met_nobody_sets_the_next_try_and_belongs_to_the_present_operator(world, form):
    row = opened(world)
    served(world.tea_house, by=world.clerk, at=world.at)
    call = rounds.record_attempt(
        world.tea_house, result="not_met", next_on=TODAY + timedelta(days=2), by=world.gridworker, at=world.at
    )
    assert call.merchant == world.tea_company and actions(call) == ["attempt.recorded"]
    assert reach_of(world, world.tea_house, since=TODAY) == "not_met"
    found = rounds.fronts_of(row, TODAY + timedelta(days=2))
    assert [front.pk for front in reaching.due(found, TODAY + timedelta(days=2))] == [world.tea_house.pk]
    assert not reaching.due(rounds.fronts_of(row, TODAY), TODAY).exists()
    for wrong in ({"result": "sang"}, {"result": "shut", "next_on": TODAY}):
        with pytest.raises(Malformed):
            rounds.record_attempt(world.tea_house, **wrong, by=world.gridworker, at=world.at)
    assert Attempt.objects.count() == 1


def test_closing_a_round_writes_down_who_is_left_and_why(world, form):
    row = opened(world)
    letter = served(world.noodle_house, by=world.clerk, at=world.at)
    services.record_refusal(letter, note="不签", by=world.gridworker, at=world.at)
    with pytest.raises(Refusal) as refusal:
        rounds.close_round(row, note="", by=world.clerk, at=world.at)
    assert codes(refusal) == {"note_needed"}
    rounds.close_round(row, note="茶庄停业装修，下月再访", by=world.clerk, at=world.at)
    assert [(each["address"], each["reach"]) for each in row.left] == [("柳荫路1号", "refused"), ("柳荫路3号", "untouched")]
    assert actions(row) == ["round.opened", "round.closed"]
    with pytest.raises(Refusal):
        rounds.close_round(row, note="再关一次", by=world.clerk, at=world.at)


def test_a_round_needs_a_name_days_and_people(world, form):
    opened(world)
    for wrong in ({"area": world.area_a}, {"until_on": TODAY - timedelta(days=1)}, {"people": []}):
        with pytest.raises(Malformed):
            rounds.open_round(
                "柳荫社区秋季补签" if "area" in wrong else "另一轮",
                **{"area": world.area_a, "people": [world.gridworker], "from_on": TODAY, "until_on": TODAY, **wrong},
                by=world.clerk, at=world.at,
            )  # fmt: skip


def test_letters_are_printed_as_one_file_part_by_part_and_go_on_after_a_break(world, form, monkeypatch):
    monkeypatch.setattr(printing, "PART", 1)
    letters = [served(front, by=world.clerk, at=world.at) for front in (world.noodle_house, world.tea_house)]
    batch = printing.ask_print(letters, base="https://sanbao.example/", by=world.clerk, at=world.at)
    assert printing.print_part(batch, at=world.at)
    kept = batch.parts[0]["file"]
    batch = LetterPrint.objects.get(pk=batch.pk)
    assert batch.parts[0]["file"] == kept and batch.done_at is None
    assert tasks.print_letters(str(batch.pk)) > 4
    batch.refresh_from_db()
    assert [part["count"] for part in batch.parts] == [1, 1] and batch.parts[0]["file"] == kept
    assert files.read_bytes(batch.file).startswith(b"%PDF")
    assert Job.objects.filter(uniq=f"letters:{batch.pk}").count() == 1
    work_off(raising=True)


def test_a_printed_letter_carries_its_code_and_boxes_to_tick_and_leaves_out_what_was_signed(world, form):
    letters = [served(front, by=world.clerk, at=world.at) for front in (world.noodle_house, world.tea_house)]
    batch = printing.ask_print(letters, base="https://sanbao.example", by=world.clerk, at=world.at)
    services.sign(letters[0], **signing(letters[0]), by=None, at=world.at)
    [facts] = printing.sheet_facts(queries.letters_by_id(batch.letters), batch, world.at)
    assert facts["working_number"] == letters[1].number and facts["qr"].startswith("<svg")
    assert {item["answer"] for item in facts["items"]} == {printing.TO_TICK}
    [expired] = printing.sheet_facts(queries.letters_by_id(batch.letters), batch, world.at + timedelta(days=31))
    assert expired["qr"] == "" and SIGNATURE.startswith(b"\x89PNG")
    with pytest.raises(Refusal):
        printing.ask_print([], base="", by=world.clerk, at=world.at)
