"""The life of a publication: proposed, privacy checked by another, approved by a third, published, withdrawn or ended.

The guards on what may be published are the law's (`law.guards.publicity`); here stand only those of the office. Pure.
"""

from dataclasses import dataclass

from sanbao.law.guards import pick
from sanbao.law.publicity import PUBLICATION as LAW
from sanbao.law.publicity import PublicationFacts
from sanbao.law.workflow import Reason, Step, Workflow, gettext_noop


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskFacts(PublicationFacts):
    """What the law asks about a publication, and what the office asks besides; people by their keys."""

    proposer: str | None = None
    reviewer: str | None = None
    pictures_masked: bool = True
    put_right: bool = False
    shows_after: bool = False


def another_reviews(f: DeskFacts) -> Reason | None:
    """Whoever proposed it does not check its privacy."""
    if f.actor is not None and f.actor.id == f.proposer:
        return Reason("same_person_reviews", gettext_noop("Whoever proposed this does not check it; ask another person."))
    return None


def another_approves(f: DeskFacts) -> Reason | None:
    """Three pairs of eyes: who approves has neither proposed nor checked."""
    if f.actor is not None and f.actor.id in (f.proposer, f.reviewer):
        return Reason(
            "same_person_approves", gettext_noop("Whoever proposed or checked this does not approve it; ask another person.")
        )
    return None


def own_decision(f: DeskFacts) -> Reason | None:
    """A decision is published by the agency that made it: its head approves (PL 17, 48)."""
    if f.kind == "decision" and not (f.actor and f.actor.organisation in ("bureau", "street") and f.actor.head):
        return Reason(
            "own_decision",
            gettext_noop("A decision is approved for publication by the head of the agency that made it."),
            ("PL-48",),
        )
    return None


def masked(f: DeskFacts) -> Reason | None:
    """No picture leaves as it came in."""
    if not f.pictures_masked:
        return Reason(
            "picture_not_masked",
            gettext_noop("A picture has not been blurred and confirmed yet. Blur it, or take it out."),
            ("PIPL-25",),
        )
    return None


def nothing_private(f: DeskFacts) -> Reason | None:
    """No telephone, plate, identity or house number in the text of anything else either (PL 50)."""
    if f.kind != "exposure" and f.readable:
        return Reason(
            "private_text",
            gettext_noop("The text shows %(things)s. Take it out."),
            ("PL-50", "PIPL-25"),
            params={"things": ", ".join(sorted(f.readable))},
        )
    return None


def still_a_problem(f: DeskFacts) -> Reason | None:
    """What has been put right is not exposed, unless the picture afterwards is shown beside it."""
    if f.kind == "exposure" and f.put_right and not f.shows_after:
        return Reason(
            "put_right",
            gettext_noop("This has been put right since. Show it with the picture afterwards, or discard the exposure."),
            ("PIPL-47",),
        )
    return None


_CHECK = (masked, nothing_private, *pick("G-PUB", "G-MINOR", "G-EXPOSE", "G-NAME", "G-CONSENT"))
_REASON = pick("G-REASON")

PUBLICATION = Workflow(
    "publication_desk",
    ("proposed", "reviewed", "approved", "published", "withdrawn", "ended", "discarded"),
    (
        Step(
            "review",
            ("proposed",),
            "reviewed",
            (another_reviews, *_CHECK),
            cites=("PIPL-55", "PL-50"),
            label=gettext_noop("Confirm the privacy check"),
        ),
        Step(
            "approve",
            ("reviewed",),
            "approved",
            (another_approves, own_decision),
            cites=("PL-48",),
            label=gettext_noop("Approve"),
        ),
        Step(
            "publish",
            ("approved",),
            "published",
            (masked, nothing_private, still_a_problem, *LAW.step("publish").guards),
            cites=LAW.step("publish").cites,
            starts=LAW.step("publish").starts,
            label=gettext_noop("Publish"),
        ),
        Step("send_back", ("reviewed", "approved"), "proposed", _REASON, label=gettext_noop("Send back")),
        Step(
            "withdraw",
            ("published",),
            "withdrawn",
            LAW.step("withdraw").guards,
            cites=LAW.step("withdraw").cites,
            label=gettext_noop("Withdraw the publication"),
        ),
        Step("end", ("published",), "ended", cites=("PIPL-47",), label=gettext_noop("End the publication")),
        Step("discard", ("proposed", "reviewed", "approved"), "discarded", _REASON, label=gettext_noop("Discard the draft")),
    ),
    "proposed",
)
