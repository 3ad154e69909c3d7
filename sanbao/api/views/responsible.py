"""Which unit answers for a place: what anybody may know of the chain of duty. The names of people stay with the staff."""

import msgspec
from django.http import HttpRequest, HttpResponse

from sanbao.api.answers import endpoint, json_answer
from sanbao.core import clock
from sanbao.registry.chain import chain_at, public_part


class Place(msgspec.Struct, forbid_unknown_fields=True):
    """A point in WGS-84 degrees."""

    lon: float
    lat: float


@endpoint("GET")
def responsible(request: HttpRequest) -> HttpResponse:
    """The area around a point and the unit that answers there today, with its telephone; 422 outside the district."""
    place = msgspec.convert(request.GET.dict(), Place, strict=False)
    return json_answer(public_part(chain_at(place.lon, place.lat, clock.today())))
