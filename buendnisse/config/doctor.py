"""What the doctor looks at. Each examination is one function and ends in one line of words."""

from __future__ import annotations

import datetime as dt
import ipaddress
import smtplib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import holidays
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.mail.backends.smtp import EmailBackend
from django.db import DatabaseError, connection

from buendnisse import clock
from buendnisse.config import broker, databases
from buendnisse.models import Change
from notifications.transport import imap as mailbox

ENOUGH_HOLIDAYS = dt.timedelta(days=400)  # the next year is planned in autumn
LARGEST_DRIFT = dt.timedelta(seconds=10)
PATIENCE = 10  # seconds for a server that does not answer


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, whether it is enough, and words for a person."""

    name: str
    ok: bool
    words: str


def examine() -> list[Finding]:
    """All examinations, in the order in which trouble usually starts."""
    examinations: tuple[tuple[str, Callable[[], tuple[bool, str]]], ...] = (
        ("Datenbank", database),
        ("Broker", embedded_or_own_broker),
        ("SMTP", smtp),
        ("IMAP", imap),
        ("Uhr", the_clock),
        ("Feiertage", holidays_horizon),
        ("Statische Dateien", static_files),
    )
    return [Finding(name, *look()) for name, look in examinations]


def database() -> tuple[bool, str]:
    """Does it answer, and is it as new as the program?"""
    try:
        waiting = databases.pending()
    except (DatabaseError, databases.NewerDatabase) as error:
        return False, _first_line(error)
    kind = f"{connection.vendor} {'.'.join(map(str, connection.get_database_version()))}"
    if waiting:
        return False, f"{kind}: {len(waiting)} Migrationen stehen aus. `manage.py run` oder `migrate` holt sie nach."
    return True, f"{kind}, auf dem Stand des Programms."


def embedded_or_own_broker() -> tuple[bool, str]:
    """A broker of one's own must answer; the embedded one lives only as long as `manage.py run`."""
    if settings.REDIS_URL:
        host = urlsplit(settings.REDIS_URL).hostname or "Socket"
        answers = broker.answers(settings.REDIS_URL)
        return answers, f"{host} antwortet." if answers else f"{host} antwortet nicht. Stimmt REDIS_URL?"
    try:
        path = broker.socket_for(settings.VAR_DIR)
    except broker.BrokerUnavailable as error:
        return False, str(error)
    if broker.answers(broker.url(path)):
        return True, "eingebettet, antwortet."
    return True, "eingebettet; startet mit `manage.py run` und läuft gerade nicht."


def smtp() -> tuple[bool, str]:
    """Connect and sign in; nothing is sent."""
    server = settings.SMTP
    if not server["host"]:
        if settings.DEMO:
            return True, "nicht gesetzt; in der Vorführung bleibt Post im Postausgang."
        return False, "EMAIL_URL ist nicht gesetzt: Post bleibt im Postausgang liegen."
    place = f"{server['host']}:{server['port']}"
    backend = EmailBackend(
        host=server["host"],
        port=server["port"],
        username=server["user"],
        password=server["password"],
        use_ssl=server["tls"],
        use_tls=server["starttls"],
        timeout=PATIENCE,
    )
    try:
        backend.open()
        backend.close()
    except (smtplib.SMTPException, OSError) as error:
        return False, f"{place}: {_first_line(error)}"
    return True, f"{place} nimmt Post an."


def imap() -> tuple[bool, str]:
    """Connect, sign in and open the folder; nothing is read and nothing moved. Is it the mailbox that answers go to?"""
    if not mailbox.is_configured():
        return True, "nicht gesetzt; Antworten aus Kalendern werden nicht gelesen."
    server = settings.IMAP
    place = f"{server['host']}:{server['port']}"
    if is_in_clear(server):
        words = "Das Kennwort ginge unverschlüsselt durch das Netz. Bitte `imaps://` oder `?starttls=1` nehmen."
        return False, f"{place}: {words}"
    try:
        with mailbox.connect(timeout=PATIENCE) as opened:
            return True, f"{place}, Ordner {opened.folder}: {opened.count()} Nachrichten.{_another_mailbox(server)}"
    except mailbox.MailboxDown as down:
        return False, f"{place}: {down}"


def is_in_clear(server: Mapping[str, Any]) -> bool:
    """Whether signing in sends the password unencrypted to another machine."""
    if server["tls"] or server["starttls"]:
        return False
    try:
        return not ipaddress.ip_address(server["host"]).is_loopback
    except ValueError:
        return bool(server["host"] != "localhost")


def _another_mailbox(server: Mapping[str, Any]) -> str:
    """A question where answers seem to go elsewhere than is read. Only a hint: one may sign in under another address."""
    user, organizer = server["user"], settings.ORGANIZER_EMAIL
    if "@" not in user or user.lower() == organizer.lower():
        return ""
    return f" Antworten gehen an {organizer}, gelesen wird {user}. Ist das dasselbe Postfach?"


def the_clock() -> tuple[bool, str]:
    """The machine's clock against the database's, and against what was already written."""
    moment = clock.real_now()
    try:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT clock_timestamp()")
                drift = abs(cursor.fetchone()[0] - moment)
            if drift > LARGEST_DRIFT:
                return False, f"Programm und Datenbank gehen {drift.total_seconds():.0f} s auseinander."
        moment = clock.now()
        last = Change.objects.order_by("-at").values_list("at", flat=True).first()
    except DatabaseError:
        return True, f"{clock.local(moment):%d.%m.%Y %H:%M} (die Datenbank kann nicht gefragt werden)."
    if last is not None and last > moment + LARGEST_DRIFT:
        return (
            False,
            f"Es ist {clock.local(moment):%d.%m.%Y %H:%M}, aber das Journal kennt {clock.local(last):%d.%m.%Y %H:%M}.",
        )
    return True, f"{clock.local(moment):%d.%m.%Y %H:%M} Uhr in Europe/Berlin."


def holidays_horizon() -> tuple[bool, str]:
    """The library ends without an error: later school holidays simply do not exist for it."""
    try:
        today = clock.local_date(clock.now())
    except DatabaseError:
        today = clock.local_date(clock.real_now())
    known = last_school_holiday(settings.HOLIDAY_SUBDIVISION, from_year=today.year)
    if known is None:
        return False, f"Für {settings.HOLIDAY_SUBDIVISION} sind keine Schulferien bekannt."
    return known >= today + ENOUGH_HOLIDAYS, f"Schulferien {settings.HOLIDAY_SUBDIVISION} bekannt bis {known:%d.%m.%Y}."


def last_school_holiday(subdivision: str, *, from_year: int) -> dt.date | None:
    """The last day of school holidays the library knows, up to ten years on."""
    days = holidays.country_holidays(
        "DE", subdiv=subdivision, categories=("school",), years=range(from_year, from_year + 10), language="de"
    )
    return max(days, default=None)


def static_files() -> tuple[bool, str]:
    """Are KERN, htmx and our own stylesheets collected, and the fonts for documents converted?"""
    missing = [
        name for name in ("kern/kern.min.css", "css/base.css", "django_htmx/htmx-2.min.js") if not _is_collected(name)
    ]
    if missing:
        return False, f"{missing[0]} fehlt. `make setup` holt es."
    fonts = len(list(settings.FONT_DIR.glob("*.ttf")))
    if not fonts:
        return False, f"In {settings.FONT_DIR} liegen keine Schriften. `make setup` holt sie."
    return True, f"gesammelt in {settings.STATIC_ROOT}; {fonts} Schriften für Dokumente."


def _is_collected(name: str) -> bool:
    try:
        return staticfiles_storage.exists(staticfiles_storage.stored_name(name))  # type: ignore[attr-defined]
    except (ValueError, AttributeError):
        return staticfiles_storage.exists(name)


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "") or type(error).__name__
