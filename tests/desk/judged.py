"""Judgements as if people had keyed many items, without the items' images."""

import random

from django.utils import timezone

from accounts.models import User
from recognition.desk.learning.alignment import confusions
from recognition.desk.models import KEYED_FIELDS, Basis, Confusion, Found, Judgement
from recognition.models import FieldReading, RecognitionRun, RunState, Submission

VALUES = ("125000.50", "2026-01-31", "00123456789", "004512")
LEVELS = (0.2, 0.6, 0.75, 0.85, 0.92, 0.96, 0.985, 0.992, 0.996, 0.9985, 0.9992, 0.9999)


def judge_many(owner: User, items: int, bank: str = "Harbour Bank", seed: int = 7) -> None:
    """Store judgements of this many items, four each; of the less certain more are wrong."""
    dice = random.Random(seed)  # noqa: S311 - the same figures each time
    now = timezone.now()
    submissions = Submission.objects.bulk_create(
        Submission(
            owner=owner, kind="cheque", source="api", width=1, height=1, sha256=f"{seed}-{number}"
        )
        for number in range(items)
    )
    runs = RecognitionRun.objects.bulk_create(
        RecognitionRun(submission=one, state=RunState.SUCCEEDED, finished_at=now)
        for one in submissions
    )
    readings, judgements, confused = [], [], []
    for run in runs:
        basis = dice.choice(Basis.values)
        for field, keyed in zip(KEYED_FIELDS, VALUES, strict=True):
            level = 0.9999 if basis == Basis.AUDIT else dice.choice(LEVELS)
            read = keyed
            if dice.random() > level:
                read = "" if level < 0.5 else keyed.replace(keyed[-2], dice.choice("789"), 1)
            wrong = Found.WRONG if read else Found.UNREAD
            reading = FieldReading(
                run=run, name=field, value=read, confidence=level, is_accepted=level >= 0.99
            )
            judgement = Judgement(
                reading=reading,
                run=run,
                field=field,
                bank=bank,
                source="api",
                networks="digits 3, strings 3",
                basis=basis,
                confidence=level,
                was_accepted=level >= 0.99,
                found=Found.RIGHT if read == keyed else wrong,
                characters=len(keyed),
                judged_at=now,
            )
            readings.append(reading)
            judgements.append(judgement)
            if judgement.found == Found.WRONG:
                confused += [(judgement, pair) for pair in confusions(keyed, read)]
    FieldReading.objects.bulk_create(readings, batch_size=2000)
    for judgement in judgements:
        judgement.reading_id = judgement.reading.pk
    Judgement.objects.bulk_create(judgements, batch_size=2000)
    Confusion.objects.bulk_create(
        Confusion(judgement=one, written=written, read=read) for one, (written, read) in confused
    )
