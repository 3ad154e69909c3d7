"""The street strip: no gap and no overlap goes unreported, and forty strips are drawn in a moment."""

import time
from datetime import date, timedelta
from decimal import Decimal

from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from sanbao.agreements.strip import GAP, NO_FRONTS, lay_out, strip_of, strips_of
from sanbao.console.pictures import strip as drawing
from sanbao.registry.models import Premises, Segment, Street
from tests.agreements.conftest import signed

LENGTH = Decimal(100)
TODAY = date(2026, 9, 21)
metres = st.integers(0, 130).map(Decimal)
intervals = st.lists(
    st.tuples(metres, st.integers(1, 40).map(Decimal)).map(lambda pair: (pair[0], pair[0] + pair[1], "signed", object())),
    max_size=9,
)


def covered(pieces, at: Decimal) -> int:
    return sum(piece.start <= at < piece.end for piece in pieces)


@given(intervals)
def test_every_metre_is_a_front_or_a_gap_and_every_double_claim_an_overlap(given_fronts):
    layout = lay_out(given_fronts, LENGTH)
    for half in range(0, 200):
        at = Decimal(half) / 2
        claims = sum(start <= at < end for start, end, _, _ in given_fronts)
        assert covered(layout.fronts, at) == claims
        assert covered(layout.gaps, at) == (claims == 0)
        assert covered(layout.overlaps, at) == (claims > 1)
    assert all(0 <= piece.start < piece.end <= LENGTH for piece in (*layout.pieces,))
    assert len(layout.beyond) == sum(end > LENGTH for _, end, _, _ in given_fronts)


def test_a_side_without_fronts_is_no_gap_unless_something_stands_there():
    assert [piece.kind for piece in lay_out([], LENGTH, has_fronts=False).gaps] == [NO_FRONTS]
    one = (Decimal(0), Decimal(50), "signed", None)
    assert [piece.kind for piece in lay_out([one], LENGTH, has_fronts=False).gaps] == [GAP]


def test_the_strip_of_a_street_says_what_stands_where(world, form):
    letter = signed(world.noodle_house, by=world.clerk, at=world.at)
    strip = strip_of(world.segment, TODAY)
    assert [(piece.kind, piece.start, piece.end) for piece in strip.left.fronts] == [("signed", 0, 12), ("unsigned", 12, 22)]
    assert [piece.kind for piece in strip.right.fronts] == ["vacant"]
    assert strip.left.fronts[0].front.letter_until == letter.term_until
    assert strip.left.fronts[0].front.occupant == "望桥区老李面馆"
    assert strip.gap_metres == 2 * strip.length - 34
    assert strip.counts == {"signed": 1, "unsigned": 1, "vacant": 1}
    assert not strip.complete


def test_a_front_where_nobody_knows_who_trades_and_one_without_a_place_are_shown(world, form):
    where = {"segment": world.segment, "area": world.community_a, "known_since": date(2026, 1, 1)}
    Premises.objects.create(code="U", address="9号", side="left", start_m=30, end_m=40, **where)
    Premises.objects.create(code="V", address="11号", **where)
    Premises.objects.create(code="W", address="13号", side="left", start_m=38, end_m=50, **where)
    strip = strip_of(world.segment, TODAY)
    assert [piece.kind for piece in strip.left.fronts][2:] == ["unknown", "unknown"]
    assert [(piece.start, piece.end) for piece in strip.left.overlaps] == [(38, 40)]
    assert [front.address for front in strip.unplaced] == ["11号"]
    assert len(drawing.picture(strip).alarms) == 4


def test_a_strip_of_a_past_day_shows_that_day(world, form):
    signed(world.noodle_house, by=world.clerk, at=world.at)
    assert strip_of(world.segment, TODAY - timedelta(days=1)).left.fronts[0].kind == "unsigned"


def test_forty_strips_are_read_in_nine_queries_and_drawn_in_a_moment(world, form, django_assert_num_queries):
    signed(world.noodle_house, by=world.clerk, at=world.at)
    segments = [world.segment, *add_streets(world, 39)]
    with django_assert_num_queries(9):
        strips = strips_of(segments, TODAY)
    assert len(strips) == 40 and sum(len(side.fronts) for strip in strips for _, side in strip.sides) > 1500
    draw(strips[:2])
    began = time.process_time()
    text = draw(strips)
    spent = time.process_time() - began
    assert text.count("<svg") == 40
    assert "javascript" not in text and text.count("</a>") > 1500
    assert spent < 0.6, f"{spent:.3f} s"


def draw(strips) -> str:
    return "".join(render_to_string("console/components/strip.html", {"picture": each}) for each in drawing.pictures(strips))


def add_streets(world, number: int) -> list[Segment]:
    """Streets of 200 m with a front every five metres, now and then a gap or an overlap."""
    made = []
    for n in range(number):
        street = Street.objects.create(name=f"测试{n}路")
        segment = Segment.objects.create(street=street, area=world.community_a, number=1, line=world.segment.line, length_m=200)
        made.append(segment)
        Premises.objects.bulk_create(
            Premises(
                code=f"S{n}-{side}-{k}", area=world.community_a, segment=segment, side=side, start_m=k * 9, end_m=k * 9 + 8 + k % 3,
                address=f"测试{n}路{k}号", sign_name="清和茶庄", known_since=date(2026, 1, 1),
            )
            for side in ("left", "right")
            for k in range(21)
        )  # fmt: skip
    return made
