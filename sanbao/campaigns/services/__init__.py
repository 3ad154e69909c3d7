"""Every change of campaigns, tasks and meetings."""

from sanbao.campaigns.services.meetings import call_meeting, close_meeting, decide, defer
from sanbao.campaigns.services.plans import add_target, issue_plan, launch, record_reading
from sanbao.campaigns.services.tasks import assign, cancel, reassign, report_done, report_progress, return_task, verify

__all__ = [
    "add_target",
    "assign",
    "call_meeting",
    "cancel",
    "close_meeting",
    "decide",
    "defer",
    "issue_plan",
    "launch",
    "reassign",
    "record_reading",
    "report_done",
    "report_progress",
    "return_task",
    "verify",
]
