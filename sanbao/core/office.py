"""Setting up an office: the district, its departments, people, postings and certificates.

The first district is opened by whoever holds the database (`by=None`); after that every change names its author. Rows only: what these
people then do lives in the rooms.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from sanbao.core import district, journal
from sanbao.core.access import ROLES, require
from sanbao.core.errors import Malformed, refuse
from sanbao.core.models import Certificate, Department, District, Posting, User
from sanbao.law.workflow import gettext_noop

UNKNOWN_ROLE = gettext_noop("There is no role “%(role)s” here. Known roles: %(roles)s.")
NAME_TAKEN = gettext_noop("The login name “%(name)s” is taken already. Choose another one.")


@transaction.atomic
def open_district(
    code: int,
    name: str,
    *,
    government: str = "",
    court: str = "",
    law_file: str = "",
    boundary: Sequence[Sequence[float]] = (),
    invented: bool = False,
    at: datetime,
) -> District:
    """Open a district (GB/T 2260 code); the boundary is one ring of [lon, lat] in WGS-84. The machine's own command, no permission asked."""
    row = District.objects.create(
        code=code,
        name=name,
        government=government,
        court=court,
        law_file=law_file,
        boundary=[list(point) for point in boundary],
        invented=invented,
    )
    with district.use(code):
        journal.record("district.opened", row, by=None, at=at)
    return row


@transaction.atomic
def add_department(
    code: str,
    name: str,
    kind: str,
    *,
    short_name: str = "",
    parent: Department | None = None,
    document_prefix: str = "",
    address: str = "",
    phone: str = "",
    from_on: date | None = None,
    by: User | None,
    at: datetime,
) -> Department:
    """Add a unit to the district at work."""
    _require(by, at)
    row = Department.objects.create(
        district_id=district.current_id(),
        code=code,
        name=name,
        short_name=short_name,
        kind=Department.Kind(kind),
        parent=parent,
        document_prefix=document_prefix,
        address=address,
        phone=phone,
        from_on=from_on,
    )
    journal.record("department.added", row, by=by, at=at, kind=kind)
    return row


@transaction.atomic
def add_person(
    username: str,
    name: str,
    *,
    department: Department,
    role: str,
    from_on: date,
    title: str = "",
    password: str | None = None,
    password_hash: str = "",
    by: User | None,
    at: datetime,
) -> User:
    """Add a person with a login and a first posting; without a password nobody can log in until one is set.

    `password_hash` is for many people at once whose common first password is hashed only once.
    """
    _require(by, at)
    if User.objects.filter(username=username).exists():
        raise refuse("name_taken", NAME_TAKEN, status=Malformed, name=username)
    person = User.objects.create(
        username=username,
        password=password_hash or make_password(password),
        name=name,
        title=title,
        department=department,
        is_staff=role == "administrator",
    )
    journal.record("person.added", person, by=by, at=at, department=department.pk)
    post_person(person, department=department, role=role, from_on=from_on, by=by, at=at)
    return person


@transaction.atomic
def post_person(person: User, *, department: Department, role: str, from_on: date, by: User | None, at: datetime) -> Posting:
    """Post a person to a role of a department from a day on; earlier postings stay as they are."""
    _require(by, at)
    if role not in ROLES:
        raise refuse("unknown_role", UNKNOWN_ROLE, status=Malformed, role=role, roles=", ".join(ROLES))
    row = Posting.objects.create(user=person, department=department, role=role, from_on=from_on)
    _forget_roles(person)
    journal.record("person.posted", person, by=by, at=at, department=department.pk, role=role, posting=row.pk)
    return row


@transaction.atomic
def end_posting(posting: Posting, *, until_on: date, by: User | None, at: datetime) -> Posting:
    """End a posting with a last day; what the person still had in hand shows as an orphan from then on."""
    _require(by, at)
    posting.until_on = until_on
    posting.save(update_fields=["until_on"])
    _forget_roles(posting.user)
    journal.record("person.posting_ended", posting.user, by=by, at=at, posting=posting.pk, until=until_on.isoformat())
    return posting


@transaction.atomic
def add_certificate(
    person: User, *, kind: str, number: str, from_on: date, until_on: date, by: User | None, at: datetime
) -> Certificate:
    """Enter a certificate (PL 42) or a legal reviewer's qualification (PL 58); both days included."""
    _require(by, at)
    row = Certificate.objects.create(user=person, kind=Certificate.Kind(kind), number=number, from_on=from_on, until_on=until_on)
    journal.record("certificate.added", person, by=by, at=at, kind=kind, until=until_on.isoformat())
    return row


def _require(by: User | None, at: datetime) -> None:
    if by is not None:
        require(by, "people.manage", at)


def _forget_roles(person: User) -> None:
    person.__dict__.pop("_postings_read", None)
