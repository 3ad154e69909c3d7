"""At the doors: plates for one street, personal links for its merchants, what they check, prove and object to."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sanbao.agreements.merchants import queries as merchants
from sanbao.agreements.merchants import services as handing
from sanbao.agreements.merchants.models import MerchantLink
from sanbao.agreements.merchants.services import Seen
from sanbao.agreements.plates import papers, services
from sanbao.agreements.plates.models import Plate
from sanbao.agreements.queries import form_on
from sanbao.core import clock, district
from sanbao.demo.settling import CODE
from sanbao.demo.stage import Stage
from sanbao.problems.models import Finding
from sanbao.problems.voices import queries as voices
from sanbao.problems.voices import services as saying
from sanbao.registry.models import Premises

MOST_FRONTS, CHECKERS = 48, 9
SPACE = UUID("5a6b0000-0000-7000-8000-000000000000")
DONE = "已将桌椅全部收回店内，门前地面清扫干净，请复查。"
NOT_MINE = "照片里靠右的两张桌子是隔壁店摆放的，请到现场核实。"
REASONS = "已到现场核对并调看照片：靠右两张桌子确属相邻门店，其余由本店摆放，本店部分仍须按通知书要求改正。"


def plan(stage: Stage) -> None:
    """A week before the end the plates of one street are mounted; then its merchants begin to look, to show and to object."""
    day = max(1, stage.days - 7)
    stage.timeline.plan(stage.at(day, 10, 5), _mount, stage)
    for number in range(CHECKERS):
        at = stage.at(min(stage.days - 1, day + 1 + number % 6), 8, 20 + number)
        stage.timeline.plan(at, _look, stage, number)
    stage.timeline.plan(stage.at(stage.days - 1, 19, 30), _speak, stage)


def _street(stage: Stage) -> list[Premises]:
    """The fronts of the street that has most of them, as far as one batch goes."""
    streets: dict[str, list[Premises]] = {}
    for front in stage.town.fronts:
        streets.setdefault(front.piece.street, []).append(stage.premises[front.number])
    return max(streets.values(), key=len)[:MOST_FRONTS]


def _mount(stage: Stage, at: datetime) -> None:
    fronts = _street(stage)
    by, title = stage.clerk_for(fronts[0]), f"{fronts[0].segment.street.name}，{len(fronts)} 块"
    sheet = services.issue_sheet(fronts, size="a6", address="http://127.0.0.1:8000", title=title, by=by, at=at)
    services.print_part(sheet, at=at)
    plates = list(Plate.objects.filter(premises__in=[front.pk for front in fronts]).order_by("premises__code"))
    services.mark_plates(plates, "hand_over", by=by, at=at + timedelta(hours=3))
    services.mark_plates(plates[: len(plates) * 3 // 4], "mount", by=by, at=at + timedelta(hours=5))
    services.replace_plate(plates[0], lost=False, note="运输途中折损，换发。", by=by, at=at + timedelta(hours=6))
    handing.hand_over_links(fronts, by=by, at=at + timedelta(hours=5))


def _look(stage: Stage, number: int, at: datetime) -> None:
    """One merchant goes through its items before opening; now and then something is still to be done."""
    links = list(merchants.living_links(None, at)[:CHECKERS])
    form = form_on(clock.local_day(at))
    if not links or form is None:
        return
    link = links[number % len(links)]
    items = merchants.items_of(form, merchants.letter_of(link.premises, link.merchant, clock.local_day(at)))
    seen = {item.code: Seen("no" if place == number % 11 and number % 2 else "yes") for place, item in enumerate(items)}
    handing.record_self_check(link, form, seen, client_id=uuid5(SPACE, f"check:{number}"), at=at)


def _speak(stage: Stage, at: datetime) -> None:
    """Merchants with an order running show that it is done; two others object, and one of these has its answer."""
    named = Finding.objects.filter(premises__isnull=False, merchant__isnull=False)
    for number, finding in enumerate(named.filter(state="ordered").order_by("number")[:2]):
        photo, client_id = stage.photo(number, "", None, at), uuid5(SPACE, f"proof:{number}")
        saying.send_proof(finding, merchant=finding.merchant, words=DONE, photos=[photo], client_id=client_id, at=at)
        handing.hand_over_links([finding.premises], by=stage.clerk_for(finding.premises), at=at)
    served = [each for each in named.order_by("-number")[:40] if voices.served_order(each)]
    for number, finding in enumerate(served[:2]):
        client_id = uuid5(SPACE, f"objection:{number}")
        said = saying.object_to(finding, merchant=finding.merchant, grounds=NOT_MINE, photos=[], client_id=client_id, at=at)
        handing.hand_over_links([finding.premises], by=stage.clerk_for(finding.premises), at=at)
        if number:
            by = next(person for person in map(stage.who, ("sun", "luo", "chen")) if not voices.in_own_cause(said, person))
            saying.answer_objection(said, outcome="partly", reply=REASONS, by=by, at=at + timedelta(hours=1))


def ways_in(address: str) -> dict[str, str]:
    """Where a browser finds a plate's page and a merchant's own, of those the demonstration has made: {`plate`, `merchant`}."""
    with district.use(CODE):
        plate = Plate.objects.filter(state="mounted").order_by("issued_at", "id").first()
        spoken = MerchantLink.objects.filter(ended_at__isnull=True).order_by("-issued_at", "id")
        link = next((each for each in spoken if merchants.why_closed(each, clock.now()) is None), None)
        found = {"plate": papers.url_of(plate, address) if plate else ""}
        return found | {"merchant": address + handing.link_path(link) if link else ""}
