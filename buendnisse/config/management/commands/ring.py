"""`manage.py ring [--at ISO] [--dry-run] [--json]`"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from buendnisse import clock, german
from notifications.domain import ring, ring_look
from notifications.models import OutboxMessage


class Command(BaseCommand):
    help = "Tut alles, was zu einem Zeitpunkt fällig ist: Fristen, Erinnerungen, Wochenbriefe, Versand, Löschfristen."

    _left_out: Sequence[str] = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--at", help="ISO-Zeitpunkt, ohne Zone in Ortszeit; sonst jetzt")
        parser.add_argument(
            "--dry-run", action="store_true", help="nur zeigen, was geschähe, und wer warum Mail bekäme"
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        at = _moment(options["at"]) if options["at"] else clock.now()
        try:
            rung, told = self._dry(at) if options["dry_run"] else (self._ring(at), [])
        except ring.RingRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        except ring.AlreadyRinging as busy:
            raise CommandError(_("Es läutet gerade schon. Bitte gleich noch einmal versuchen.")) from busy
        left = _("%s gingen hinaus") % len(told) if options["dry_run"] else _("%s versandt") % rung.sent
        figures = dataclasses.asdict(rung) | {"at": at.isoformat()}
        if options["json"]:
            names = {"recipients": [dataclasses.asdict(one) for one in told]} if options["dry_run"] else {}
            self.stdout.write(json.dumps(figures | names, ensure_ascii=False))
        else:
            self.stdout.write(
                _(
                    "%(at)s: %(deadlines)s Fristen, %(reminders)s Erinnerungen, %(digests)s Wochenbriefe, "
                    "%(written)s Mails geschrieben, %(left)s."
                )
                % (figures | {"at": clock.local(at).strftime("%d.%m.%Y %H:%M"), "left": left})
            )
            for line in (*ring_look.in_lines(told), *(f"- {one}" for one in self._left_out)):
                self.stdout.write(line)
        if rung.failed:
            steps = german.listing([str(step.label) for step in rung.failed])
            sentence = _("Nicht gelungen: %s. Das nächste Läuten versucht es noch einmal; der Grund steht im Log.")
            raise CommandError(sentence % steps)

    def _ring(self, at: dt.datetime) -> ring.Rung:
        ring.move_clock(to=at)
        return ring.ring(at=at)

    def _dry(self, at: dt.datetime) -> tuple[ring.Rung, list[ring_look.Recipient]]:
        """Ring without sending, look who would get what and why, and take everything back."""
        ring.refuse_past(at=at)
        newest = OutboxMessage.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        with transaction.atomic():
            rung = ring.ring(at=at, send=False)
            told = list(ring_look.recipients(at=at))
            self._left_out = list(ring_look.over_the_limit(since=newest))
            transaction.set_rollback(True)
        return rung, told


def _moment(text: str) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(_("--at: bitte einen Zeitpunkt wie 2026-12-03T07:00 angeben.")) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.BERLIN)
