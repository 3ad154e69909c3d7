"""Units' versions of the district's text: proposed by the unit, compared, approved or returned by the district."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from sanbao.agreements import queries, versions
from sanbao.agreements.form_text import FormText
from sanbao.agreements.lifecycle import PROPOSED, VERSION, VersionFacts
from sanbao.agreements.models import Form
from sanbao.agreements.services import MOVED_ON, NO_FORM, write_form
from sanbao.core import clock, journal
from sanbao.core.access import may, require
from sanbao.core.errors import Forbidden, Malformed, Reason, Refusal, insist, refuse
from sanbao.core.models import Department, User
from sanbao.law.workflow import gettext_noop

NOT_YOUR_UNIT = gettext_noop("Additions to the text are proposed by the unit itself or by the district.")
WAITS_ALREADY = gettext_noop("Version %(version)s of this unit waits for the district already.")
ITEM_UNFINISHED = gettext_noop("A local item needs its duty, its wording and the question of the check.")


@transaction.atomic
def propose_version(
    unit: Department,
    *,
    paragraphs: Mapping[str, Sequence[str]],
    items: Sequence[tuple[str, str, str]],
    effective_from: date,
    by: User,
    at: datetime,
) -> Form:
    """Propose a unit's version of the district's text in force on its first day: paragraphs by heading, items as (duty, wording, question)."""
    require(by, "agreement.plan", at)
    if by.department_id != unit.pk and not may(by, "agreement.issue", at):
        raise Forbidden(Reason("not_your_unit", NOT_YOUR_UNIT))
    first = max(effective_from, clock.local_day(at))
    template = queries.texts_on(first).template
    if template is None:
        raise refuse("no_form", NO_FORM)
    waiting = Form.objects.filter(unit=unit, template=template, state=PROPOSED).first()
    if waiting:
        raise refuse("waits_already", WAITS_ALREADY, version=waiting.version)
    number = Form.objects.filter(unit=unit, template=template).count() + 1
    version = f"{template.version}/{unit.code}-{number}"
    text = _built(queries.text_of(template), version, first, paragraphs, items)
    form = write_form(text, at=at, unit=unit, template=template, state=PROPOSED, proposed_by=by)
    journal.record("form.proposed", form, by=by, at=at, version=version, unit=unit.pk)
    return form


def _built(
    template: FormText,
    version: str,
    first: date,
    paragraphs: Mapping[str, Sequence[str]],
    items: Sequence[tuple[str, str, str]],
) -> FormText:
    """The text with its additions, or every reason why it is none."""
    duties = {duty.code for duty in template.duties}
    if any(duty not in duties or not wording.strip() or not question.strip() for duty, wording, question in items):
        raise refuse("item_unfinished", ITEM_UNFINISHED, status=Malformed)
    try:
        text = versions.with_additions(template, version=version, effective_from=first, paragraphs=paragraphs, items=items)
    except KeyError as error:
        raise refuse("heading_unknown", versions.HEADING_UNKNOWN, status=Malformed, heading=error.args[0]) from error
    if faults := versions.faults_of_version(template, text):
        raise Refusal(*faults)
    return text


@transaction.atomic
def approve_version(form: Form, *, by: User, at: datetime) -> Form:
    """Approve a unit's version; it is in force from its first day, which is never a day that has passed."""
    require(by, "agreement.issue", at)
    first = max(form.effective_from, clock.local_day(at))
    template = queries.text_of(form.template)
    newer = Form.objects.filter(unit=form.unit, template=form.template, state=Form.State.ISSUED, effective_from__gte=first)
    facts = VersionFacts(
        form.state,
        template_in_force=queries.texts_on(first, form.name).template == form.template,
        by_another=form.proposed_by_id != by.pk,
        begins_in_time=not newer.exists(),
        faults=versions.faults_of_version(template, queries.text_of(form)),
    )
    _move(form, "approve", facts, effective_from=first, issued_at=at, note="")
    journal.record("form.approved", form, by=by, at=at, version=form.version, effective_from=first.isoformat())
    return form


@transaction.atomic
def return_version(form: Form, *, note: str, by: User, at: datetime) -> Form:
    """Give a proposed version back to its unit with what is to be changed."""
    require(by, "agreement.issue", at)
    _move(form, "return", VersionFacts(form.state, note=note), note=note.strip()[:300])
    journal.record("form.returned", form, by=by, at=at, version=form.version)
    return form


def _move(form: Form, step: str, facts: VersionFacts, **values: Any) -> None:
    values["state"] = insist(VERSION.attempt(step, facts))
    if not Form.objects.filter(pk=form.pk, state=facts.state).update(**values):
        raise refuse("moved_on", MOVED_ON)
    for key, value in values.items():
        setattr(form, key, value)
