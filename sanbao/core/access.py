"""Who may do what: roles and their verbs. Services ask `require`; pages ask `may` to decide which buttons to show.

The headquarters assigns and follows, but never opens a case, an order or an inspection (PL 17; 国办发〔2024〕54号).
"""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from sanbao.core import clock
from sanbao.core.errors import Forbidden, Reason
from sanbao.core.models import User
from sanbao.law.workflow import gettext_noop

ROLES = {
    "leader": _("headquarters leader"),
    "dispatcher": _("headquarters dispatcher"),
    "officer": _("enforcement officer"),
    "assistant": _("auxiliary or grid worker"),
    "bureau_head": _("head of the bureau"),
    "legal_reviewer": _("legal reviewer"),
    "street_clerk": _("street office clerk"),
    "unit_leader": _("leader of a unit"),
    "contact": _("contact of a department"),
    "press": _("press editor"),
    "supervisor": _("supervisor (reads only)"),
    "administrator": _("administrator"),
}

_READ = {"register.view", "agreement.view", "problem.view", "campaign.view", "ranking.view", "publication.view"}

GRANTS: dict[str, frozenset[str]] = {
    "leader": frozenset(
        _READ
        | {"responsibility.assign", "responsibility.name"}
        | {"campaign.manage", "meeting.hold", "task.assign", "task.verify", "ranking.compute", "ranking.freeze"}
        | {"publication.propose", "publication.approve", "publication.publish", "publication.withdraw"}
    ),
    "dispatcher": frozenset(
        _READ
        | {
            "register.import",
            "register.edit",
            "responsibility.assign",
            "responsibility.name",
            "agreement.issue",
            "agreement.plan",
            "problem.accept",
            "problem.close",
            "problem.dispatch",
            "problem.report",
            "campaign.manage",
            "meeting.hold",
            "task.assign",
            "task.verify",
            "ranking.compute",
            "publication.propose",
        }
    ),
    "officer": frozenset(
        _READ
        | {
            "agreement.sign",
            "problem.accept",
            "problem.close",
            "problem.find",
            "problem.report",
            "order.issue",
            "order.serve",
            "order.recheck",
            "order.extend",
            "case.view",
            "case.handle",
            "case.serve",
            "task.report",
        }
    ),
    "assistant": frozenset({"register.view", "agreement.view", "agreement.sign", "problem.view", "problem.report"}),
    "bureau_head": frozenset(
        _READ
        | {
            "case.view",
            "case.approve",
            "case.decide",
            "order.approve",
            "publication.approve",
            "publication.propose",
            "publication.publish",
            "publication.withdraw",
            "task.report",
        }
    ),
    "legal_reviewer": frozenset(_READ | {"case.view", "case.review", "publication.review", "publication.withdraw"}),
    "street_clerk": frozenset(
        _READ
        | {
            "register.import",
            "register.edit",
            "responsibility.name",
            "agreement.plan",
            "agreement.sign",
            "problem.report",
            "problem.accept",
            "problem.close",
            "task.report",
        }
    ),
    "unit_leader": frozenset(_READ | {"task.report", "task.assign", "agreement.plan", "responsibility.name"}),
    "contact": frozenset(_READ | {"task.report"}),
    "press": frozenset({"publication.view", "publication.propose", "publication.publish", "campaign.view", "ranking.view"}),
    "supervisor": frozenset(_READ | {"case.view", "journal.view"}),
    "administrator": frozenset(
        _READ
        | {"register.import", "register.edit", "people.manage", "journal.view", "law.view", "ranking.compute", "ranking.freeze"}
        | {"agreement.issue", "agreement.plan", "responsibility.assign", "responsibility.name"}
    ),
}

MAY_NOT = gettext_noop("Your role does not allow this. Ask someone whose duty it is, or your administrator.")


def may(user: User | None, verb: str, at: datetime | None = None) -> bool:
    """Whether a role that the person holds on that day grants the verb; one query per person object."""
    if user is None or not user.is_authenticated or not user.is_active:
        return False
    day = clock.local_day(at) if at else clock.today()
    return any(verb in GRANTS.get(role, ()) for role in user.roles_on(day))


def require(user: User | None, verb: str, at: datetime | None = None) -> None:
    """Refuse unless the person may; the refusal names the verb."""
    if not may(user, verb, at):
        raise Forbidden(Reason("not_allowed", MAY_NOT, params={"verb": verb}))
