"""`manage.py run`: the whole installation as one process tree."""

from __future__ import annotations

import ipaddress
import os
import signal
import socket
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from buendnisse.config import broker, databases, env, processes
from buendnisse.config.processes import Program

ENDING = ("web", "beat", "worker", "broker")  # who talks to whom: nobody loses the one it still needs
LOCALHOST = "127.0.0.1"


class Command(BaseCommand):
    help = (
        "Startet alles: Web, Worker, Taktgeber und, ohne REDIS_URL, einen eingebetteten Broker. Strg+C beendet alles."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--bind", default=LOCALHOST, help="Adresse, auf der das Web antwortet (Vorgabe 127.0.0.1)")
        parser.add_argument("--web-workers", type=int, default=2, help="Prozesse für Seiten (Vorgabe 2)")
        parser.add_argument("--concurrency", type=int, default=2, help="Prozesse für Aufgaben (Vorgabe 2)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            status = self.run(bind=options["bind"], web=options["web_workers"], worker=options["concurrency"])
        except (processes.Refused, broker.BrokerUnavailable, databases.NewerDatabase) as refusal:
            raise CommandError(str(refusal)) from None
        if status:
            sys.exit(status)

    def run(self, *, bind: str, web: int, worker: int) -> int:
        """Everything from the first check to the end of the last child; returns the exit status."""
        if settings.DEMO:
            refuse_unsafe_demo(bind)
        with processes.claim(settings.VAR_DIR):
            wake = processes.Wake()
            tree = processes.Tree(settings.VAR_DIR, say=self.say)
            if left := tree.end_orphans():
                self.say(f"Von einem früheren Lauf beendet: {', '.join(map(str, left))}.")
            with listen(bind, settings.PORT) as door:
                self.prepare_database()
                try:
                    for program in programs(door, web=web, worker=worker):
                        if wake.wait(0):
                            return 0
                        tree.start(program)
                        if program.name == "broker":
                            wait_for_broker(tree, wake)
                    threading.Thread(target=self.announce, args=door.getsockname()[:2], daemon=True).start()
                    return tree.watch(wake)
                finally:
                    self.say("Wird beendet ...")
                    tree.end(ENDING, hurry=wake.asked_twice)
                    if not settings.REDIS_URL:
                        broker.remove_folder(broker.socket_for(settings.VAR_DIR).parent)
                    self.say("Alles beendet.")

    def prepare_database(self) -> None:
        """Migrate an empty or older database. A demo does so itself, after it has refused one that is not a demo."""
        if settings.DEMO:
            databases.pending()  # refuses a newer one
            call_command("demo", stdout=self.stdout)
        elif applied := databases.bring_up_to_date():
            self.say(f"Datenbank vorbereitet: {applied} Migrationen.")
        connections.close_all()

    def announce(self, host: str, port: int) -> None:
        """Print the address once the web answers there."""
        near = LOCALHOST if host in {"0.0.0.0", "::"} else host  # noqa: S104 -- compared, not bound
        address = env.text("BASE_URL", f"http://{near}:{port}").rstrip("/")
        (settings.VAR_DIR / env.ADDRESS).write_text(f"{address}\n", encoding="ascii")  # `ring` writes the same links
        question = urllib.request.Request(
            f"http://{near}:{port}/health/live", headers={"Host": urlsplit(address).netloc}
        )
        try:
            urllib.request.urlopen(question, timeout=60).close()  # noqa: S310
        except urllib.error.HTTPError as error:
            error.close()  # it answers; what it says is doctor's business
        except OSError:
            return  # ended, or ending: the main loop says so
        self.say(f"Bündnisse läuft: {address}/  (Strg+C beendet)")

    def say(self, line: str) -> None:
        with suppress(OSError):  # the terminal may be gone; the children still have to be ended
            self.stdout.write(line)
            self.stdout.flush()


def refuse_unsafe_demo(bind: str) -> None:
    """A demo signs anyone in as anyone, so it stays on this machine, and so does its mail."""
    if not is_loopback(bind):
        raise processes.Refused("DEMO=1 antwortet nur auf 127.0.0.1; lassen Sie --bind weg.")
    host = settings.SMTP["host"]
    if host and not is_loopback(host):
        raise processes.Refused(f"DEMO=1 nimmt nur eine EMAIL_URL auf diesem Rechner, nicht {host}.")
    mailbox = settings.IMAP["host"]
    if mailbox and not is_loopback(mailbox):
        raise processes.Refused(f"DEMO=1 nimmt nur eine IMAP_URL auf diesem Rechner, nicht {mailbox}.")


def is_loopback(host: str) -> bool:
    """Is this an address of the machine itself? Names other than localhost are not looked up."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def listen(bind: str, port: int) -> socket.socket:
    """Open the web's door ourselves and hand it down: two starts cannot race for it, and a restart loses no visitor."""
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    door = socket.socket(family, socket.SOCK_STREAM)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((bind, port))
        door.listen(256)
    except OSError as error:
        door.close()

        raise processes.Refused(
            f"{bind}:{port} ist nicht frei ({error.strerror}). Wählen Sie einen anderen Anschluss mit PORT=..."
        ) from None
    return door


def programs(door: socket.socket, *, web: int, worker: int) -> Iterator[Program]:
    """The children in the order they start. Only those without a broker of their own get the embedded one."""
    environment = {"PORT": str(door.getsockname()[1]), "VAR_DIR": str(settings.VAR_DIR)}
    if not settings.REDIS_URL:
        path = broker.socket_for(settings.VAR_DIR)
        broker.prepare_folder(path.parent)
        environment["REDIS_URL"] = broker.url(path)
        yield Program(name="broker", command=broker.command(path, settings.VAR_DIR / "broker"))
    as_root = ("-W", "ignore:You're running the worker") if settings.DEMO else ()  # in a container nobody minds
    celery = (sys.executable, *as_root, "-m", "celery", "--quiet", "--app", "buendnisse.config.celery")
    yield Program(
        name="worker",
        command=(
            *celery,
            "worker",
            *("--concurrency", str(worker), "--loglevel", "WARNING"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        ),
        environment=environment,
        quick=signal.SIGKILL,  # Celery's cold shutdown can wait for a broker that has gone; every task may run again
        patience=25.0,
    )
    yield Program(
        name="beat", command=(*celery, "beat", "--loglevel", "WARNING", "--pidfile="), environment=environment
    )
    yield Program(
        name="web",
        command=(
            *(sys.executable, "-m", "gunicorn", "buendnisse.config.wsgi:application", "--no-control-socket"),
            *("--bind", f"fd://{door.fileno()}"),
            *("--workers", str(web), "--worker-class", "gthread", "--threads", "4"),
            *("--graceful-timeout", "10", "--log-level", "warning"),  # no access log: addresses hold personal links
            *(("--worker-tmp-dir", "/dev/shm") if os.access("/dev/shm", os.W_OK) else ()),  # noqa: S108
        ),
        environment=environment,
        quick=signal.SIGQUIT,
        patience=15.0,
        files=(door.fileno(),),
    )


def wait_for_broker(tree: processes.Tree, wake: processes.Wake) -> None:
    """Nobody else starts before the broker answers; it reads its whole journal first."""
    address = broker.url(broker.socket_for(Path(settings.VAR_DIR)))
    for _ in range(120):
        if broker.answers(address) or wake.wait(0.25):
            return
        if tree.running["broker"].poll() is not None:
            break
    log = settings.VAR_DIR / "broker" / broker.LOG
    raise processes.Refused(f"Der eingebettete Broker antwortet nicht; der Grund steht in {log}.")
