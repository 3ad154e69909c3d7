"""The matching desk and the pages of what nobody knows, as people meet them."""

import csv
import io

import pytest
from django.urls import reverse

from sanbao.core.models import Job
from sanbao.registry import linking, tasks
from sanbao.registry.models import LinkRun, Premises, RecordLink
from tests.registry.registers import CAUTIOUS, SURE, census, import_list, market, platform


@pytest.fixture
def desk(world, client):
    client.force_login(world.clerk)
    return client


@pytest.fixture
def lists(world):
    """Three lists: census and platform joined, the market register in doubt."""
    phone = {"phone": "13812345678"}
    for kind, row, model in (("census", census, SURE), ("platform", platform, SURE), ("market", market, CAUTIOUS)):
        rows = [row(number, **(phone if kind == "platform" else {})) for number in range(6)]
        import_list(kind, rows, by=world.clerk, at=world.at)
        linking.link_registers(by=world.clerk, at=world.at, model=model)
    return world


def rows_of(response):
    body = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(body)))


def decide(desk, link, step, **more):
    return desk.post(reverse("console:matching_decide"), {"pair": link.pk, "step": step, **more})


def test_strangers_log_in_and_others_may_not_look_or_decide(lists, client):
    names = ("matching", "matching_list", "unknown", "unknown_fronts", "sample")
    assert [client.get(reverse(f"console:{name}")).status_code for name in names] == [302] * 5
    client.force_login(lists.editor)
    assert [client.get(reverse(f"console:{name}")).status_code for name in names] == [403] * 5
    client.force_login(lists.gridworker)
    page = client.get(reverse("console:matching"))
    assert page.status_code == 200
    assert page.context["steps"] == []
    assert decide(client, RecordLink.objects.filter(state="suggested").first(), "join").status_code == 403
    assert client.post(reverse("console:matching_link")).status_code == 403


def test_the_desk_says_what_will_appear_while_there_is_nothing(desk, world):
    page = desk.get(reverse("console:matching"))
    assert page.context["card"] is None
    assert page.context["registers_imported"] == 0
    assert "empty-state" in page.content.decode()


def test_a_pair_stands_side_by_side_with_its_evidence_and_no_full_telephone(desk, lists):
    page = desk.get(reverse("console:matching"))
    card = page.context["card"]
    text = page.content.decode()
    assert card.link.state == "suggested"
    assert card.link.one.fields["name"] in text
    assert card.link.other.fields["name"] in text
    assert [line for line in card.lines if line.same is False]
    assert card.evidence[0].says in text
    assert "13812345678" not in text
    assert [step["key"] for step in page.context["steps"]] == ["1", "2", "3"]


def test_the_plan_shows_both_points_and_their_distance(desk, lists):
    link = RecordLink.objects.filter(one__register__kind="census", other__register__kind="platform").first()
    card = desk.get(reverse("console:matching"), {"pair": link.pk}).context["card"]
    assert card.metres == 0
    assert card.plan.bar_m == 20


def test_deciding_goes_on_to_the_next_pair_and_the_last_decision_can_be_taken_back(desk, lists):
    waiting = RecordLink.objects.filter(state="suggested").count()
    first = desk.get(reverse("console:matching")).context["card"].link
    response = decide(desk, first, "join", area=lists.area_a.code)
    assert response.headers["Location"] == f"{reverse('console:matching')}?area={lists.area_a.code}"
    page = desk.get(reverse("console:matching"))
    assert page.context["last"] == first
    assert page.context["card"] is None or page.context["card"].link != first
    assert RecordLink.objects.filter(state="suggested").count() < waiting
    back = decide(desk, first, "reopen")
    assert back.headers["Location"].endswith(f"pair={first.pk}")
    assert RecordLink.objects.filter(state="suggested").count() == waiting


def test_each_key_does_its_step(desk, lists):
    for step, state in (("part", "apart"), ("ask", "asked")):
        link = RecordLink.objects.filter(state="suggested").first()
        assert decide(desk, link, step).status_code == 302
        assert RecordLink.objects.get(pk=link.pk).state == state
    assert decide(desk, link, "burn").status_code == 422
    assert decide(desk, link, "ask").status_code == 409
    assert desk.post(reverse("console:matching_decide"), {"pair": "x", "step": "join"}).status_code == 404


def test_every_count_opens_its_pairs_and_they_can_be_exported(desk, lists):
    page = desk.get(reverse("console:matching"))
    for tile in page.context["tiles"]:
        listed = desk.get(reverse("console:matching_list"), {"which": tile["which"]})
        assert listed.context["page_obj"].paginator.count == tile["count"]
        assert (
            len(rows_of(desk.get(reverse("console:matching_list"), {"which": tile["which"], "export": "csv"})))
            == tile["count"] + 1
        )
    assert desk.get(reverse("console:matching_list"), {"export": "xlsx"}).status_code == 200


def test_pairs_are_filtered_by_area_and_by_registers(desk, lists):
    total = RecordLink.objects.filter(state="joined").count()
    of_area = {"which": "by_itself", "area": lists.area_b.code}
    assert desk.get(reverse("console:matching_list"), of_area).context["page_obj"].paginator.count == 0
    run = LinkRun.objects.filter(counts__joined__gt=0).first()
    between = {"which": "by_itself", "register": run.one_id, "other": run.other_id}
    assert desk.get(reverse("console:matching_list"), between).context["page_obj"].paginator.count == total
    run = LinkRun.objects.filter(counts__joined=0).first()
    between = {"which": "by_itself", "register": run.one_id, "other": run.other_id}
    assert desk.get(reverse("console:matching_list"), between).context["page_obj"].paginator.count == 0
    nonsense = {"which": "nonsense", "register": "x", "area": "x", "page": "99"}
    assert desk.get(reverse("console:matching_list"), nonsense).status_code == 200


def test_large_registers_are_laid_beside_each_other_by_the_worker(desk, lists, monkeypatch):
    monkeypatch.setattr("sanbao.console.views.matching.AT_ONCE", 1)
    for _twice in range(2):
        desk.post(reverse("console:matching_link"), {"again": "1"})
    job = Job.objects.get(name=tasks.link_registers.name)
    assert desk.get(reverse("console:matching")).context["linking"]
    assert len(tasks.link_registers(**job.args)) == 3


def test_small_registers_are_laid_beside_each_other_at_once(desk, world):
    import_list("census", [census(0)], by=world.clerk, at=world.at)
    import_list("platform", [platform(0)], by=world.clerk, at=world.at)
    assert desk.get(reverse("console:matching")).context["unlinked"] == 1
    desk.post(reverse("console:matching_link"))
    assert RecordLink.objects.get().state == "joined"


def test_a_front_that_was_joined_leads_to_the_one_that_was_kept(desk, lists):
    gone = Premises.objects.filter(merged_into__isnull=False).first()
    page = desk.get(reverse("console:premises", args=[gone.pk]))
    assert reverse("console:premises", args=[gone.merged_into_id]) in page.content.decode()


def many(world, in_both, only_census, only_market):
    """A street with so many shops in both lists and in either alone; each of both is one front at once."""
    numbers = range(in_both + only_census + only_market)
    name = "第{}号铺".format
    both, first = range(in_both), range(in_both + only_census)
    import_list(
        "census",
        [[f"PC{n}", name(n), name(n), f"柳荫路{n}号", "113.7001", "34.7203", "营业"] for n in first],
        by=world.clerk,
        at=world.at,
    )
    rows = [["", name(n), f"柳荫路{n}号", "", ""] for n in numbers if n in both or n not in first]
    import_list("market", rows, by=world.clerk, at=world.at)


def test_known_estimated_and_interval_are_shown_rounded_and_every_number_opens_its_fronts(desk, world):
    many(world, 60, 40, 20)
    page = desk.get(reverse("console:unknown"))
    whole = page.context["whole"]
    assert whole["known"] == 122  # and the two of the cast, found on the spot
    assert whole["low"] <= whole["unknown"] <= whole["high"]
    assert whole["unknown"] % 5 == 0 or whole["unknown"] < 10
    numbers = {row["lists"]: row["number"] for row in page.context["combinations"]}
    assert numbers == {"census,market": 60, "census": 40, "market": 20, "": 2}
    for lists, number in numbers.items():
        fronts = desk.get(reverse("console:unknown_fronts"), {"lists": lists})
        assert fronts.context["page_obj"].paginator.count == number
        assert len(rows_of(desk.get(reverse("console:unknown_fronts"), {"lists": lists, "export": "csv"}))) == number + 1
    assert sum(line["known"] for line in page.context["lines"]) == 122
    assert len(rows_of(desk.get(reverse("console:unknown"), {"export": "csv"}))) == len(page.context["lines"]) + 1


def test_without_a_second_list_nothing_is_estimated_and_the_reason_is_said(desk, world):
    import_list("census", [census(number) for number in range(6)], by=world.clerk, at=world.at)
    page = desk.get(reverse("console:unknown"))
    assert page.context["whole"]["reason"].code == "one_list"
    assert "unknown" not in page.context["whole"]
    assert desk.get(reverse("console:sample")).status_code == 200


def test_the_coverage_page_says_what_the_known_coverage_would_be_of_all_there_probably_are(desk, world):
    assert desk.get(reverse("console:coverage")).context["estimated"] is None
    many(world, 60, 40, 20)
    estimated = desk.get(reverse("console:coverage")).context["estimated"]
    assert estimated["low_percent"] <= estimated["percent"] <= estimated["high_percent"]
    past = desk.get(reverse("console:coverage"), {"on": "2026-03-01"})
    assert past.context["estimated"] is None


def test_a_walk_is_planned_for_a_budget_or_a_wished_width_and_exported_in_order(desk, world):
    many(world, 60, 40, 20)
    page = desk.get(reverse("console:sample"), {"n": "1"})
    assert [row["segment"] for row in page.context["rows"]] == [world.segment]
    assert page.context["after"] < page.context["before"]
    assert len(rows_of(desk.get(reverse("console:sample"), {"n": "1", "export": "csv"}))) == 2
    assert desk.get(reverse("console:sample"), {"half": "5"}).context["rows"]
    assert desk.get(reverse("console:sample"), {"n": "-1", "half": "x", "seed": "²"}).status_code == 200
