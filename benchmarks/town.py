"""A town of any size for the benchmark, written by bulk insert: straight streets with fronts end to end, occupants, letters, exemptions.

Runs inside a home with the cast of the tests; nothing here is measured.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sanbao.agreements.models import Agreement, Exemption, Form
from sanbao.core import bulk, district
from sanbao.core.models import User
from sanbao.registry.models import Area, Merchant, Occupancy, Premises, Segment, Street

CODE = 990101
DAY = date(2026, 9, 21)
BEGAN_ON = date(2026, 1, 1)
AT = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
LINE = [[113.70000, 34.72000], [113.70219, 34.72000]]
LENGTH, WIDTH = Decimal(200), 10
A_SIDE = 20
CHUNK = 20_000


def build(premises: int) -> None:
    """So many fronts, forty to a street segment of 200 m; of every hundred 60 signed, 10 on an old text, 10 of others, the rest mixed."""
    with district.use(CODE):
        areas = list(Area.objects.filter(kind="community")) + _more_communities(11)
        old, new = _forms()
        segments = _segments(-(-premises // (2 * A_SIDE)), areas)
        fronts = list(_fronts(premises, segments))
        merchants = [
            Merchant(name=f"望桥区{n}号商店", name_key=f"望桥区{n}号商店", kind="individual", operator="李建国")
            for n in range(premises)
        ]
        _insert(fronts)
        _insert(merchants)
        _insert(
            [
                Occupancy(premises=f, merchant=m, from_on=BEGAN_ON)
                for n, (f, m) in enumerate(_pairs(fronts, merchants))
                if n % 100 < 92
            ]
        )
        _insert(list(_letters(fronts, merchants, old, new)))
        _insert(
            [
                Exemption(premises=f, reason_code="works", reason="围挡施工", from_on=BEGAN_ON, granted_at=AT)
                for n, f in enumerate(fronts)
                if n % 100 in (90, 91)
            ]
        )


def session_key(person: str) -> str:
    """A session in which this person is logged in."""
    from django.contrib.sessions.backends.db import SessionStore

    with district.use(CODE):
        user = User.objects.get(username=person)
        session = SessionStore()
        session.update(
            {
                "_auth_user_id": str(user.pk),
                "_auth_user_backend": "django.contrib.auth.backends.ModelBackend",
                "_auth_user_hash": user.get_session_auth_hash(),
            }
        )
        session.save()
    return str(session.session_key)


def _pairs(fronts: Sequence[Premises], merchants: Sequence[Merchant]) -> Iterator[tuple[Premises, Merchant]]:
    return zip(fronts, merchants, strict=True)


def _more_communities(count: int) -> list[Area]:
    parents = list(Area.objects.filter(kind="street").order_by("code"))
    made = []
    for n in range(count):
        parent = parents[n % len(parents)]
        code = f"{parent.code}{n + 101:03d}"
        made.append(
            Area.objects.create(code=code, name=f"测试{n}社区", kind="community", parent=parent, path=f"{parent.path}{code}/")
        )
    return made


def _forms() -> tuple[Form, Form]:
    texts = (("2025-1", date(2025, 1, 1)), ("2026-1", BEGAN_ON))
    made = [
        Form.objects.create(
            name="front_duty", version=version, title="门前“三包”责任书", consent_text="愿意", text_hash=version, effective_from=first,
            term_months=12, renewal_days=30, link_days=30, issued_at=AT,
        )
        for version, first in texts
    ]  # fmt: skip
    return made[0], made[1]


def _segments(count: int, areas: Sequence[Area]) -> list[Segment]:
    streets = [Street(name=f"测试{n:04d}路", pinyin=f"ceshi{n:04d}lu") for n in range(count)]
    segments = [
        Segment(street=street, area=areas[n % len(areas)], number=1, line=LINE, length_m=LENGTH)
        for n, street in enumerate(streets)
    ]
    _insert(streets)
    _insert(segments)
    return segments


def _fronts(count: int, segments: Sequence[Segment]) -> Iterator[Premises]:
    """Fronts end to end; one in twenty leaves a gap of two metres, one in fifty reaches half a metre into the next."""
    for n in range(count):
        segment, place = segments[n // (2 * A_SIDE)], n % (2 * A_SIDE)
        start = Decimal(place % A_SIDE * WIDTH)
        end = start + WIDTH - (2 if n % 20 == 7 else 0) + (Decimal("0.5") if n % 50 == 9 else 0)
        address = f"{segment.street.name}{place + 1}号"
        yield Premises(
            code=f"T{n:06d}", area=segment.area, segment=segment, side="left" if place < A_SIDE else "right", start_m=start,
            end_m=min(end, LENGTH), chainage_m=start + WIDTH // 2, address=address, address_key=address, sign_name=f"清和茶庄{n}",
            state="vacant" if n % 100 in (92, 93, 94) else "open", known_since=BEGAN_ON,
        )  # fmt: skip


def _letters(fronts: Sequence[Premises], merchants: Sequence[Merchant], old: Form, new: Form) -> Iterator[Agreement]:
    for n, (front, merchant) in enumerate(_pairs(fronts, merchants)):
        share = n % 100
        if share >= 80:
            continue
        party = merchants[n - 1] if share >= 70 else merchant
        yield Agreement(
            form=old if 60 <= share < 70 else new, premises=front, merchant=party, number=f"T{n:06d}", state="signed", drafted_at=AT,
            served_at=AT, signed_at=AT, signed_on=DAY - timedelta(days=30), term_from=DAY - timedelta(days=30),
            term_until=DAY + timedelta(days=330), signer_name="李建国", signer_capacity="operator",
        )  # fmt: skip


def _insert(rows: Sequence[Any]) -> None:
    for first in range(0, len(rows), CHUNK):
        bulk.insert(rows[first : first + CHUNK])
