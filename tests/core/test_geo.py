"""Metres, cells, places along a line, and the shifted coordinates of Chinese maps."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanbao.core import geo

LONS, LATS = st.floats(73.5, 135), st.floats(3.5, 53.5)
BENT = [[113.7, 34.72], [113.7, 34.72], [113.702, 34.72], [113.702, 34.722]]


def test_lengths_agree_with_the_ellipsoid():
    # One minute of latitude and of longitude at 35 degrees north, from the published tables of the WGS-84 ellipsoid.
    assert geo.metres_between(113, 35, 113, 36) == pytest.approx(110_951, abs=12)
    assert geo.metres_between(113, 35, 114, 35) == pytest.approx(91_288, abs=2)
    assert geo.metres_between(113.7, 34.72, 113.7, 34.72) == 0


@given(LONS, LATS, st.floats(0, 50), st.floats(0, 360))
def test_a_neighbour_within_50_metres_is_always_in_the_neighbour_cells(lon, lat, metres, bearing):
    east, north = geo.metres_per_degree(lat)
    other_lon = lon + metres * math.sin(math.radians(bearing)) / east
    other_lat = lat + metres * math.cos(math.radians(bearing)) / north
    assert geo.cell_of(other_lon, other_lat) in geo.neighbour_cells(lon, lat)


def test_nine_cells_are_enough_for_50_metres_in_the_middle_of_china_and_not_in_mohe():
    assert len(geo.neighbour_cells(113.7, 34.72)) == 9
    assert len(geo.neighbour_cells(122.5, 53.0)) == 15
    assert len(set(geo.neighbour_cells(113.7, 34.72, 200))) == len(geo.neighbour_cells(113.7, 34.72, 200)) > 49


@given(st.floats(0.5, 400), st.floats(0.2, 20), st.sampled_from(["left", "right"]))
def test_a_place_along_a_line_is_found_again(metres, offset, side):
    # Near the corner a point on the inner side is nearer to the other piece; that is not a fault of either function.
    length = geo.line_length(BENT)
    corner = geo.metres_between(*BENT[1], *BENT[2])
    if metres > length - 0.5 or abs(metres - corner) < offset + 0.5:
        return
    distance, along, found = geo.locate(BENT, *geo.point_along(BENT, metres, offset, side))
    assert distance == pytest.approx(offset, abs=0.001)
    assert along == pytest.approx(metres, abs=0.001)
    assert found == side


def test_left_is_left_when_walking_from_the_first_point():
    eastward = [[113.7, 34.72], [113.703, 34.72]]
    assert geo.locate(eastward, 113.701, 34.7201)[2] == "left"
    assert geo.locate(eastward, 113.701, 34.7199)[2] == "right"
    assert geo.locate(eastward[::-1], 113.701, 34.7201)[2] == "right"


def test_beyond_the_ends_a_place_stays_at_the_end():
    assert geo.point_along(BENT, -5) == pytest.approx((113.7, 34.72))
    assert geo.point_along(BENT, 1e6) == pytest.approx((113.702, 34.722))
    assert geo.locate(BENT, 113.699, 34.72)[1] == 0


def test_a_line_of_one_place_is_no_line():
    with pytest.raises(ValueError, match="two different points"):
        geo.locate([[113.7, 34.72], [113.7, 34.72]], 113.7, 34.72)


def test_a_boundary_holds_its_edge_and_not_its_hole():
    ring = [[113.69, 34.71], [113.72, 34.71], [113.72, 34.73], [113.69, 34.73], [113.69, 34.71]]
    hole = [[113.70, 34.715], [113.71, 34.715], [113.71, 34.725], [113.70, 34.725], [113.70, 34.715]]
    assert geo.inside(ring, 113.705, 34.72)
    assert geo.inside(ring, 113.69, 34.72)
    assert not geo.inside(ring, 113.73, 34.72)
    assert not geo.inside([ring, hole], 113.705, 34.72)
    assert geo.inside([ring, hole], 113.695, 34.72)
    assert geo.inside([], 0, 0)


@pytest.mark.parametrize(
    ("shift", "expected"),
    [
        (geo.wgs84_to_gcj02, (116.41024449916938, 39.91640428150164)),
        (geo.gcj02_to_bd09, (116.41036949371029, 39.92133699351021)),
    ],
)
def test_the_shift_of_tiananmen_is_the_published_one(shift, expected):
    assert shift(116.404, 39.915) == pytest.approx(expected, abs=1e-9)


@given(LONS, LATS)
def test_shifted_coordinates_come_back_to_the_millimetre(lon, lat):
    for there, back in (
        (geo.wgs84_to_gcj02, geo.gcj02_to_wgs84),
        (geo.gcj02_to_bd09, geo.bd09_to_gcj02),
        (geo.wgs84_to_bd09, geo.bd09_to_wgs84),
    ):
        assert geo.metres_between(lon, lat, *back(*there(lon, lat))) < 0.001


@given(LONS, LATS)
def test_a_wrong_label_is_always_visible(lon, lat):
    assert 20 < geo.metres_between(lon, lat, *geo.wgs84_to_gcj02(lon, lat)) < 1200


def test_nothing_is_shifted_abroad():
    assert geo.wgs84_to_gcj02(2.35, 48.85) == (2.35, 48.85)
