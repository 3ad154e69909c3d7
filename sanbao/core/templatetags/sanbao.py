"""What templates may ask: moments, amounts, deadlines, states, and the article behind a number."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sanbao.core import display
from sanbao.core.access import may
from sanbao.core.clock import local_day
from sanbao.core.errors import Reason
from sanbao.law import citations

register = template.Library()

# The code words of the law data (`sanbao/law/parameters`), as people read them.
WORDS = {
    "hour": _("o'clock"),
    "attempts": _("attempts"),
    "times": _("times"),
    "hours": _("hours"),
    "working_hours": _("working hours"),
    "working_days": _("working days"),
    "days": _("days"),
    "months": _("months"),
    "years": _("years"),
    "yuan": _("yuan"),
    "persons": _("persons"),
    "percent": _("per cent"),
    "party": _("the party"),
    "agency": _("the agency"),
    "third": _("a third party"),
    "none": _("nobody: a legal effect"),
    "grants": _("grant of powers"),
    "amounts": _("amounts"),
    "hearing": _("hearing thresholds"),
    "remedy": _("reconsideration organ and court"),
    "collective": _("list of complex and major cases"),
    "benchmarks": _("discretion benchmarks"),
    "exposure": _("basis for naming"),
}


@register.filter
def moment(at: datetime | None) -> str:
    """11月22日 周日 14:30, as a string; empty for nothing."""
    return display.moment_text(at) if at else ""


@register.filter
def day(on: date | datetime | None) -> str:
    """11月22日 周日; an instant is shown by the legal day on which it falls."""
    if isinstance(on, datetime):
        on = local_day(on)
    return display.day_text(on) if on else ""


@register.filter
def yuan(amount: Decimal | int | None) -> str:
    """An amount in yuan."""
    return "" if amount is None else display.yuan_text(amount)


@register.filter
def due(ends_at: datetime | None) -> display.Due | None:
    """The deadline as shown: `.text`, `.left`, `.tone`."""
    return display.due_of(ends_at)


@register.filter
def reason_text(reason: Reason) -> str:
    """The sentence of a reason in the reader's language."""
    return reason.text(gettext)


@register.filter
def allows(user: Any, verb: str) -> bool:
    """Whether the person may, for deciding which buttons to show."""
    return may(user, verb)


@register.filter
def word(code: str) -> str:
    """A code of the law data in the reader's language; an unknown code stays itself."""
    return str(WORDS.get(code, code))


@register.simple_tag
def cite(article: str) -> SafeString:
    """The short name of an article with its wording on hover, focus or tap."""
    try:
        citation = citations.cite(article)
    except LookupError:
        return format_html('<span class="cite">{}</span>', article)
    return format_html(
        '<abbr class="cite" tabindex="0" title="{}">{}</abbr>', citation.text or citation.instrument.name, citation.label
    )


@register.simple_tag
def cites(articles: Any) -> SafeString:
    """Several articles after one another."""
    return format_html_join(" ", "{}", ((cite(article),) for article in articles or ()))


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """The page's own address with some query values changed (None removes one)."""
    values: QueryDict = context["request"].GET.copy()
    for key, value in changes.items():
        if value is None:
            values.pop(key, None)
        else:
            values[key] = str(value)
    return f"?{values.urlencode()}"
