"""Photos over HTTP: the public copy for whom it concerns, the original for staff. Pages live in the doors."""

from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from sanbao.core import files, links
from sanbao.core.models import Photo

OPEN_SECONDS, STAFF_SECONDS = 300, 86_400


@require_safe
def photo(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """The public copy: to everybody when it is published, to staff always, to others with a valid `key`; otherwise not found."""
    row = get_object_or_404(Photo, sha256=sha256)
    is_open = files.is_public(row)
    if not (is_open or request.user.is_authenticated or _holds_key(request, row)):
        raise Http404
    etag = f'"{row.sha256}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    if not default_storage.exists(row.public):
        raise Http404
    response = FileResponse(files.open_public(row), content_type="image/jpeg")
    response["ETag"] = etag
    # A published photo may be withdrawn: strangers ask again after minutes, and shared caches never keep the others.
    response["Cache-Control"] = f"public, max-age={OPEN_SECONDS}" if is_open else f"private, max-age={STAFF_SECONDS}"
    return response


@require_safe
@login_required
def original(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """The file as it was sent, with its metadata, as a download for staff."""
    row = get_object_or_404(Photo, sha256=sha256)
    if not default_storage.exists(row.original):
        raise Http404
    name = row.original.rsplit("/", 1)[-1]
    response = FileResponse(files.open_original(row), as_attachment=True, filename=name, content_type=row.mime)
    response["Cache-Control"] = "private, no-store"
    return response


def _holds_key(request: HttpRequest, row: Photo) -> bool:
    key = request.GET.get("key")
    if not key:
        return False
    try:
        return links.read_token("photo", key) == str(row.pk)
    except links.BrokenLink:
        return False
