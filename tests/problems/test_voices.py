"""The merchant's voice: a proof closes nothing, an objection is answered by somebody else, and its own report is never held against it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from sanbao.agreements.merchants import queries as merchants
from sanbao.agreements.merchants import services as handing
from sanbao.core import clock, documents, files
from sanbao.core.errors import Forbidden, Malformed, Refusal
from sanbao.penalties import services as penalties
from sanbao.problems import services
from sanbao.problems.models import Order
from sanbao.problems.voices import queries
from sanbao.problems.voices import services as saying
from sanbao.problems.voices.models import CorrectionProof, Objection
from tests.problems.conftest import INSIDE, issue, jpeg, serve


def send_proof(town, finding, **changes) -> CorrectionProof:
    given = {
        "merchant": town.noodle_shop,
        "words": "餐桌已收回店内",
        "photos": [jpeg("green")],
        "client_id": uuid4(),
        "at": town.at + timedelta(hours=2),
    }
    return saying.send_proof(finding, **{**given, **changes})


def object_to(town, finding, **changes) -> Objection:
    given = {
        "merchant": town.noodle_shop,
        "grounds": "桌子是隔壁的",
        "photos": [],
        "client_id": uuid4(),
        "at": town.at + timedelta(hours=2),
    }
    return saying.object_to(finding, **{**given, **changes})


def own_report(town, at, class_code: str = "O02"):
    return services.receive_report(
        source="merchant", class_code=class_code, lon=INSIDE[0], lat=INSIDE[1], premises=town.noodle_house, by=None, at=at
    )


def test_a_proof_reaches_the_officers_and_closes_nothing(town, finding, served):
    proof = send_proof(town, finding)
    finding.refresh_from_db(), served.refresh_from_db()
    assert (finding.state, served.state) == ("ordered", "served")
    assert (proof.order, proof.due_at) == (served, served.correct_by)
    assert files.attachments(proof, "proof").count() == 1
    assert list(queries.unseen_proofs()) == [proof]
    with pytest.raises(Forbidden):
        saying.see_proof(proof, by=town.clerk, at=town.at)
    saying.see_proof(proof, by=town.sun, at=town.at + timedelta(hours=3))
    finding.refresh_from_db()
    assert finding.state == "ordered" and not queries.unseen_proofs()
    with pytest.raises(Refusal):
        saying.see_proof(proof, by=town.chen, at=town.at + timedelta(hours=3))


def test_a_proof_sent_twice_is_one_and_an_empty_or_foreign_one_is_refused(town, finding):
    client_id = uuid4()
    assert send_proof(town, finding, client_id=client_id) == send_proof(town, finding, client_id=client_id)
    for wrong in ({"words": " ", "photos": []}, {"merchant": town.tea_company}, {"words": "长" * 2001}, {"photos": [b"x"]}):
        with pytest.raises(Malformed):
            send_proof(town, finding, **wrong)
    assert CorrectionProof.objects.count() == 1
    services.close_finding(finding, closing="已整改", by=town.liu, at=town.at + timedelta(hours=5))
    with pytest.raises(Malformed):
        send_proof(town, finding)


def test_an_order_still_on_its_way_is_not_shown_before_it_is_served(town, finding, order):
    assert queries.served_order(finding) is None
    assert queries.papers_of(town.noodle_house, town.noodle_shop) == []
    assert send_proof(town, finding).due_at == finding.due_at
    serve(town, order)
    assert queries.served_order(finding) == order
    assert queries.papers_of(town.noodle_house, town.noodle_shop) == [order.document]
    assert queries.papers_of(town.noodle_house, town.tea_company) == []


def test_an_objection_gets_a_number_stops_no_period_and_waits_for_one_answer(town, finding, served):
    before = served.correct_by
    objection = object_to(town, finding)
    served.refresh_from_db()
    assert objection.number == "S2026-0000001" and (served.state, served.correct_by) == ("served", before)
    with pytest.raises(Refusal) as refused:
        object_to(town, finding)
    assert refused.value.reasons[0].code == "still_open"
    with pytest.raises(Refusal):
        object_to(town, finding, grounds="  ")
    with pytest.raises(Refusal):
        object_to(town, finding, merchant=town.tea_company)


def test_nobody_judges_the_objection_to_his_own_act(town, finding, served):
    objection = object_to(town, finding)
    answer = {"outcome": "partly", "reply": "已到现场复核，其中一张桌子不属于本店。", "at": town.at + timedelta(hours=4)}
    for person in (town.liu, town.chen):
        with pytest.raises(Refusal) as refused:
            saying.answer_objection(objection, by=person, **answer)
        assert refused.value.reasons[0].code == "own_cause"
        assert objection not in queries.unanswered(but=person)
    for person in (town.dispatcher, town.clerk, town.editor):
        with pytest.raises(Forbidden):
            saying.answer_objection(objection, by=person, **answer)
    assert objection in queries.unanswered(but=town.sun)
    with pytest.raises(Refusal):
        saying.answer_objection(objection, by=town.sun, **{**answer, "outcome": "", "reply": ""})
    saying.answer_objection(objection, by=town.sun, **answer)
    assert (objection.state, objection.answered_by) == ("answered", town.sun)
    with pytest.raises(Refusal):
        saying.answer_objection(objection, by=town.sun, **answer)
    served.refresh_from_db()
    assert served.state == "served"
    assert object_to(town, finding).number == "S2026-0000002"  # after the answer another may follow


def test_an_objection_to_a_finding_without_an_order_is_for_those_who_take_reports_up(town, finding):
    objection = object_to(town, finding)
    assert objection.order is None and objection in queries.unanswered(but=town.clerk)
    assert objection not in queries.unanswered(but=town.liu)
    saying.answer_objection(objection, outcome="upheld", reply="核实无误，予以更正。", by=town.clerk, at=town.at)
    assert objection.state == "answered"


def test_remedies_run_from_the_service_by_the_register_of_periods(town, finding, served):
    remedies = {each.rule: each.due for each in queries.remedies_of(served)}
    assert set(remedies) == {"DL-14R", "DL-14L"}
    assert all(each.starts == served.served_at and each.articles for each in remedies.values())
    assert remedies["DL-14R"].ends < remedies["DL-14L"].ends


def test_no_order_follows_from_what_the_merchant_reported_itself(town):
    report = own_report(town, town.at)
    finding = services.accept_report(report, by=town.clerk, at=town.at)
    assert finding.merchant is None
    with pytest.raises(Refusal) as refused:
        issue(town, finding)
    assert refused.value.reasons[0].code == "own_report"


def test_an_officer_who_writes_down_what_the_merchant_just_reported_cannot_order_it_either(town, photo):
    report = own_report(town, town.at - timedelta(hours=1))
    seen = services.record_finding(class_code="O02", premises=town.noodle_house, photos=[photo], by=town.liu, at=town.at)
    with pytest.raises(Refusal) as refused:
        issue(town, seen)
    assert refused.value.reasons[0].code == "own_report" and report.number in refused.value.texts()[0]
    with pytest.raises(Refusal) as refused:
        penalties.open_lead(seen, violation="V02", conduct_on=clock.local_day(town.at), second=town.chen, by=town.liu, at=town.at)
    assert refused.value.reasons[0].code == "own_report"
    assert not Order.objects.exists()
    services.decline_report(report, reply="桌椅是本店摆放的，请今天收回店内。", by=town.clerk, at=town.at + timedelta(minutes=5))
    assert issue(town, seen).state == "issued"  # the merchant has its answer; the shield is no licence


def test_the_page_of_the_problem_says_so_before_anybody_writes_an_order(town, photo, client, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: town.at + timedelta(hours=2))
    report = own_report(town, town.at - timedelta(hours=1))
    seen = services.record_finding(class_code="O02", premises=town.noodle_house, photos=[photo], by=town.liu, at=town.at)
    client.force_login(town.liu, backend="django.contrib.auth.backends.ModelBackend")
    page = reverse("console:problem", args=[seen.pk])
    text = client.get(page).content.decode()
    assert 'data-test="shield"' in text and report.number in text
    services.decline_report(report, reply="请今天收回店内。", by=town.clerk, at=town.at + timedelta(hours=1))
    assert 'data-test="shield"' not in client.get(page).content.decode()


@pytest.mark.parametrize(
    ("minutes", "class_code", "shielded"), [(-60, "O02", True), (0, "O02", True), (60, "O02", False), (-60, "H01", False)]
)
def test_the_shield_covers_what_was_reported_before_it_was_found_and_nothing_else(town, photo, minutes, class_code, shielded):
    own_report(town, town.at + timedelta(minutes=minutes), class_code)
    seen = services.record_finding(class_code="O02", premises=town.noodle_house, photos=[photo], by=town.liu, at=town.at)
    assert (queries.shielding_report(seen) is not None) is shielded


def test_a_citizen_who_spoke_first_is_not_overtaken_by_the_merchant(town):
    place = {"class_code": "O02", "lon": INSIDE[0], "lat": INSIDE[1]}
    first = services.receive_report(source="citizen", **place, by=None, at=town.at - timedelta(hours=2))
    own_report(town, town.at - timedelta(hours=1))
    finding = services.accept_report(first, premises=town.noodle_house, by=town.clerk, at=town.at)
    assert queries.shielding_report(finding) is None


@pytest.fixture
def shop(town, client, monkeypatch):
    """The noodle shop's page two hours later: a function that opens or sends it."""
    monkeypatch.setattr(clock, "now", lambda: town.at + timedelta(hours=2))
    link = handing.hand_over_link(town.noodle_house, by=town.clerk, at=town.at)

    def visit(name: str, *args, send=None, expect: int = 200):
        url = reverse(f"field:{name}", args=[merchants.token_of(link), *args])
        answer = client.get(url) if send is None else client.post(url, send)
        assert answer.status_code == expect, answer.content.decode()[-2000:]
        return answer

    return visit


def test_the_matter_is_shown_answered_and_objected_to_on_the_merchants_page(town, finding, served, shop, client):
    assert 'data-test="matter"' in shop("shop").content.decode()
    text = shop("shop_matter", finding.pk).content.decode()
    for shown in (served.requirement, 'data-test="remedies"', 'data-test="until"', "三张餐桌摆出店外"):
        assert shown in text
    assert town.liu.name not in text and town.chen.name not in text
    sent = {"kind": "proof", "words": "", "client_id": str(uuid4())}
    assert 'data-test="reasons"' in shop("shop_matter", finding.pk, send=sent, expect=422).content.decode()
    shop("shop_matter", finding.pk, send={**sent, "words": "已收回"}, expect=302)
    shop("shop_matter", finding.pk, send={"kind": "objection", "words": "不是我的", "client_id": str(uuid4())}, expect=302)
    text = shop("shop_matter", finding.pk).content.decode()
    assert "S2026-0000001" in text and 'data-test="sent-proof"' in text and 'data-test="object"' not in text
    pdf = shop("shop_paper", served.document.pk)
    assert pdf.content == documents.pdf_bytes(served.document)
    client.force_login(town.sun, backend="django.contrib.auth.backends.ModelBackend")
    today = client.get(reverse("console:today")).content.decode()
    assert "S2026-0000001" in today
    problem = client.get(reverse("console:problem", args=[finding.pk])).content.decode()
    assert 'data-test="see-proof"' in problem and "S2026-0000001" in problem
    objection, proof = Objection.objects.get(), CorrectionProof.objects.get()
    assert 'data-test="answer"' in client.get(reverse("console:objection", args=[objection.pk])).content.decode()
    client.post(
        reverse("console:answer_objection", args=[objection.pk]), {"outcome": "not_upheld", "reply": "监控显示由本店摆放。"}
    )
    client.post(reverse("console:see_proof", args=[proof.pk]))
    text = shop("shop_matter", finding.pk).content.decode()
    assert "监控显示由本店摆放。" in text and town.sun.name not in text and 'data-test="object"' in text
    for kind in ("objections", "proofs", "answered", "seen"):
        assert client.get(reverse("console:voices"), {"kind": kind}).status_code == 200
        listed = client.get(reverse("console:voices"), {"kind": kind, "export": "csv"})
        assert listed.status_code == 200


def test_the_words_of_whoever_reported_it_stay_inside(town, shop):
    place = {"class_code": "H01", "lon": INSIDE[0], "lat": INSIDE[1]}
    report = services.receive_report(
        source="citizen", **place, comment="我住三楼302，天天看见", contact="13912345678", by=None, at=town.at
    )
    finding = services.accept_report(report, premises=town.noodle_house, by=town.clerk, at=town.at)
    text = shop("shop_matter", finding.pk).content.decode()
    assert "302" not in text and "13912345678" not in text and report.number not in text


def test_a_matter_of_another_shop_is_not_found(town, shop, photo):
    other = services.record_finding(class_code="O02", premises=town.tea_house, photos=[photo], by=town.liu, at=town.at)
    shop("shop_matter", other.pk, expect=404)
