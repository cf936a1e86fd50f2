"""Read what is new in the mailbox of `IMAP_URL`: `manage.py read_mailbox`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from buendnisse import clock
from buendnisse.config.management.commands.read_mail import line
from notifications.domain import mailbox
from notifications.transport import imap


class Command(BaseCommand):
    help = "Liest, was im Postfach neu ist, und sagt, was aus jeder Mail wurde. Im Betrieb geschieht das von selbst."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="eine Zeile JSON für jede Mail")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Until nothing is new. Exit status 1 where the mailbox cannot be read, or a mail in it."""
        if not imap.is_configured():
            raise CommandError(_("IMAP_URL ist nicht gesetzt."))
        broken, is_more = 0, True
        while is_more:
            try:
                reading = mailbox.read(at=clock.now())
            except mailbox.AlreadyReading as busy:
                raise CommandError(_("Das Postfach wird gerade schon gelesen.")) from busy
            for row in reading.rows:
                self.stdout.write(line(imap.name(), row, as_json=options["json"]))
            broken += reading.broken
            is_more = reading.left > 0 and not reading.failure
        if reading.failure:
            raise CommandError(_("Das Postfach ist nicht lesbar: %s") % reading.failure)
        if broken:
            sentence = ngettext(
                "%(n)s Mail ließ sich nicht lesen. Sie liegt im Ordner %(folder)s.",
                "%(n)s Mails ließen sich nicht lesen. Sie liegen im Ordner %(folder)s.",
                broken,
            )
            raise CommandError(sentence % {"n": broken, "folder": mailbox.BROKEN})
