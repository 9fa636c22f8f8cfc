"""What happened to one item, in order: who submitted, read, changed, approved what and when."""

import datetime as dt
from dataclasses import dataclass
from itertools import chain

from django.utils.translation import gettext as _

from accounts.audit.codes import EventCode
from accounts.audit.models import Event
from accounts.models import User
from recognition.models import Correction, RunState, Submission
from recognition.templatetags.readings import shown

# The desk's item has the submission's id for its own.
_SUBJECTS = ("recognition.submission", "desk.item")
# Told by rows of their own, which say more.
_TOLD_OTHERWISE = (EventCode.READING_CORRECTED,)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened; ``who`` is empty where the machine did it."""

    at: dt.datetime
    what: str
    who: str = ""
    more: str = ""


def entries_of(submission: Submission) -> list[Entry]:
    """Return everything that is known to have happened to an item, the first thing first."""
    told = chain(_events(submission), _runs(submission), _corrections(submission))
    return sorted(told, key=lambda entry: entry.at)


def _events(submission: Submission) -> list[Entry]:
    events = list(
        Event.objects.filter(subject_type__in=_SUBJECTS, subject_id=str(submission.pk)).exclude(
            code__in=_TOLD_OTHERWISE
        )
    )
    people = User.objects.in_bulk({event.actor for event in events if event.actor is not None})
    entries = [
        Entry(event.made_at, event.label, str(people.get(event.actor, "")))
        if event.actor is not None
        else Entry(event.made_at, event.label)
        for event in events
    ]
    if not any(event.code == EventCode.SUBMISSION_CREATED for event in events):
        # Older than the audit log.
        label = str(EventCode.SUBMISSION_CREATED.label)
        entries.append(Entry(submission.created_at, label, str(submission.owner)))
    return entries


def _runs(submission: Submission) -> list[Entry]:
    entries = []
    for run in submission.runs.all():
        if run.finished_at is None:
            continue
        if run.state == RunState.SUCCEEDED:
            networks = ", ".join(f"{one['name']} {one['version']}" for one in run.models_used)
            what = _("read by the machine")
            more = _("engine %(version)s") % {"version": run.engine_version}
            entries.append(
                Entry(run.finished_at, what, more=f"{more}; {networks}" if networks else more)
            )
        else:
            entries.append(Entry(run.finished_at, run.get_state_display(), more=run.failure))
    return entries


def _corrections(submission: Submission) -> list[Entry]:
    made = Correction.objects.filter(reading__run__submission=submission)
    return [
        Entry(
            one.made_at,
            _("%(field)s corrected") % {"field": one.reading.get_name_display()},
            str(one.made_by),
            shown(one.value, one.reading.name),
        )
        for one in made.select_related("reading", "made_by")
    ]
