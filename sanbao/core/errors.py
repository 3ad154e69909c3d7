"""Refusals: what a person can mend. Anything else that goes wrong is a bug and may crash."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from sanbao.law.workflow import Reason, Verdict

__all__ = ["Forbidden", "Malformed", "Reason", "Refusal", "insist", "refuse"]


class Refusal(Exception):
    """One or more reasons why something was not done; nothing was written. HTTP 409 unless a subclass says otherwise."""

    status = 409

    def __init__(self, *reasons: Reason) -> None:
        self.reasons = reasons
        super().__init__("; ".join(reason.text() for reason in reasons))

    def texts(self) -> list[str]:
        """The reasons as sentences in the reader's language."""
        return [reason.text(gettext) for reason in self.reasons]

    def as_problem(self) -> dict[str, Any]:
        """RFC 9457 problem details."""
        first = self.reasons[0]
        return {
            "type": f"about:blank#{first.code}",
            "title": first.text(gettext),
            "status": self.status,
            "code": first.code,
            "detail": " ".join(self.texts()),
            "reasons": [
                {"code": reason.code, "detail": reason.text(gettext), "articles": list(reason.cites)} for reason in self.reasons
            ],
        }


class Forbidden(Refusal):
    """The person may not do this."""

    status = 403


class Malformed(Refusal):
    """What was sent cannot be used as it is."""

    status = 422


def refuse(code: str, message: str, /, *cites: str, status: type[Refusal] = Refusal, **params: Any) -> Refusal:
    """A refusal with one reason, ready to raise."""
    values: Mapping[str, Any] = params
    return status(Reason(code, message, cites, params=values))


def insist(verdict: Verdict) -> str:
    """The target state of an allowed step; otherwise raise every objection at once."""
    if not verdict.allowed:
        raise Refusal(*verdict.objections)
    return verdict.step.target
