"""How the entries of the journal about this room read in the history of a problem, and how a report's state reads to its sender."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "report.received": _("report received"),
    "report.accepted": _("report taken up"),
    "report.declined": _("report declined with a reply"),
    "report.merged": _("report merged with another"),
    "report.answered": _("sender answered"),
    "finding.recorded": _("problem recorded"),
    "finding.dispatched": _("given to a unit"),
    "finding.closed": _("problem closed"),
    "order.issued": _("order to correct issued"),
    "order.served": _("order served"),
    "order.extended": _("deadline extended"),
    "order.withdrawn": _("order withdrawn"),
    "order.corrected": _("correction confirmed"),
    "order.failed": _("failure to correct recorded"),
    "recheck.recorded": _("rechecked"),
    "delivery.failed": _("an attempt to serve failed"),
    "proof.received": _("merchant sent a proof of correction"),
    "proof.seen": _("proof of correction seen"),
    "objection.received": _("merchant objected"),
    "objection.answered": _("objection answered"),
}

FOR_SENDERS = {
    "received": _("We have your report. Somebody will look at it."),
    "accepted": _("Your report has been taken up and is being handled."),
    "declined": _("Nothing follows from your report; the reply says why."),
    "merged": _("Others reported the same. It is handled together, and you will be answered here."),
    "answered": _("Handled. The reply says how."),
}
