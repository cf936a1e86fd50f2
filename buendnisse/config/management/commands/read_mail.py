"""Read mail from files or standard input: `manage.py read_mail answer.eml …`, or `… | manage.py read_mail -`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from buendnisse import clock
from notifications.domain import inbox
from notifications.enums import InboundOutcome, InboundReason, InboundSource
from notifications.imip import mime
from notifications.models import InboundMessage


class Command(BaseCommand):
    help = "Liest Mails aus Dateien oder mit - von der Standardeingabe und sagt, was aus jeder wurde."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "files", nargs="+", metavar="FILE", help="eine Mail als Datei (.eml), oder - für die Standardeingabe"
        )
        parser.add_argument("--json", action="store_true", help="eine Zeile JSON für jede Mail")

    def handle(self, *args: Any, **options: Any) -> None:
        """Every file is read; one that cannot be opened is named, and the exit status is 1 then."""
        unread = []
        for name in options["files"]:
            try:
                raw = _bytes_of(name)
            except OSError as error:
                unread.append(name)
                self.stderr.write(
                    _("%(name)s: nicht lesbar (%(why)s)") % {"name": name, "why": error.strerror or error}
                )
                continue
            row = inbox.receive(raw, at=clock.now(), source=InboundSource.COMMAND)
            self.stdout.write(line(name, row, as_json=options["json"]))
        if unread:
            sentence = _("%(n)s von %(all)s Dateien ließen sich nicht lesen.")
            raise CommandError(sentence % {"n": len(unread), "all": len(options["files"])})


def _bytes_of(name: str) -> bytes:
    """One byte more than is read of any mail, so that its length tells."""
    if name == "-":
        return sys.stdin.buffer.read(mime.LONGEST + 1)
    with Path(name).open("rb") as file:
        return file.read(mime.LONGEST + 1)


def line(name: str, row: InboundMessage, *, as_json: bool) -> str:
    """What became of it; of a mail that was read before, that it was."""
    outcome, reason = InboundOutcome(row.outcome), InboundReason(row.reason)
    if row.is_known:
        outcome, reason = InboundOutcome.DUPLICATE, InboundReason.KNOWN
    if as_json:
        facts = {"file": name, "id": row.pk, "kind": row.kind, "outcome": outcome.value, "reason": reason.value}
        return json.dumps(facts, ensure_ascii=False)
    return f"{name}: {outcome.label}. {reason.label}"
