"""`manage.py run`, really started: how it begins, what it survives, and that nothing stays behind."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from buendnisse.config import broker, processes
from tests.config.installation import Running, all_gone, environment, manage

Start = Callable[..., Running]
TOO_OFTEN = """
import sys
from pathlib import Path
from buendnisse.config import processes
tree = processes.Tree(Path(sys.argv[1]))
tree.start(processes.Program(name="web", command=("false",)))
status = tree.watch(processes.Wake())
tree.end(("web",))
sys.exit(status)
"""


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an up-to-date database, to copy from."""
    folder = tmp_path_factory.mktemp("migrated")
    manage(folder, "migrate", "--verbosity", "0").check_returncode()
    return folder


@pytest.fixture
def var_dir(migrated: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(migrated, tmp_path / "var"))


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts installations and sees to it that none outlives its test."""
    started: list[Running] = []

    def run(var_dir: Path, **options: object) -> Running:
        running = Running(var_dir, **options)  # type: ignore[arg-type]
        started.append(running)
        return running

    yield run
    for running in started:
        if running.process.poll() is None:
            running.end()
        if running.process.stdout:
            running.process.stdout.close()


def test_an_empty_folder_becomes_a_running_installation_that_ctrl_c_ends(tmp_path: Path, start: Start) -> None:
    running = start(tmp_path / "new")
    members = running.members()

    assert running.get("/health/live") == {"status": "live"}
    assert running.get("/health/ready") == {"status": "ready", "database": "ready", "broker": "ready"}
    assert list(running.note()["children"]) == ["broker", "worker", "beat", "web"]
    assert len(members) >= 4  # worker and web have processes below them, once they are up

    assert running.end() == 0
    assert running.said[-1] == "Alles beendet."
    assert all_gone(members)
    assert not (tmp_path / "new" / "run.json").exists()
    assert not broker.socket_for(tmp_path / "new").parent.exists()


def test_a_second_start_is_refused_in_one_line_and_leaves_the_first_alone(var_dir: Path, start: Start) -> None:
    running = start(var_dir)

    second = manage(var_dir, "run")

    assert second.returncode == 1
    assert second.stdout == ""
    assert second.stderr == (f"CommandError: In {var_dir} läuft schon eine Instanz (Prozess {running.process.pid}).\n")
    assert running.get("/health/ready")["status"] == "ready"


def test_kill_9_of_the_parent_ends_all_and_the_next_start_works(var_dir: Path, start: Start) -> None:
    running = start(var_dir)
    members = running.members()

    running.process.kill()

    assert running.rest() == -signal.SIGKILL
    assert all_gone(members)
    assert start(var_dir).get("/health/ready") == {"status": "ready", "database": "ready", "broker": "ready"}


def test_a_killed_child_comes_back(var_dir: Path, start: Start) -> None:
    running = start(var_dir)
    children = running.note()["children"]

    os.kill(children["worker"], signal.SIGKILL)
    running.wait_for("worker ist ausgefallen .Signal 9. und wird neu gestartet")
    os.kill(children["broker"], signal.SIGKILL)
    running.wait_for("broker ist ausgefallen .Signal 9. und wird neu gestartet")
    os.kill(children["web"], signal.SIGKILL)
    running.wait_for("web ist ausgefallen .Signal 9. und wird neu gestartet")

    assert running.get("/health/live") == {"status": "live"}  # the door stayed open meanwhile
    assert set(running.note()["children"].values()).isdisjoint({children[name] for name in ("worker", "broker", "web")})


def test_ctrl_c_works_when_a_shell_started_us_with_sigint_ignored(var_dir: Path, start: Start) -> None:
    running = start(var_dir, before=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))

    assert running.end() == 0


def test_a_child_that_dies_again_and_again_ends_the_whole(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", TOO_OFTEN, str(tmp_path)],
        cwd=settings.BASE_DIR,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        *["web ist ausgefallen (Status 1) und wird neu gestartet."] * processes.RESTARTS,
        "web endet immer wieder (Status 1). Alles wird beendet; der Grund steht darüber.",
    ]


def test_orphans_of_an_earlier_run_are_ended_and_strangers_are_not(tmp_path: Path) -> None:
    earlier = processes.Tree(tmp_path)
    earlier._write_note()
    sleeper = [sys.executable, "-c", "import signal; signal.pause()"]
    with (
        subprocess.Popen(sleeper, env={**os.environ, processes.MARK: earlier.id}) as orphan,
        subprocess.Popen(sleeper, env={**os.environ, processes.MARK: "another"}) as stranger,
    ):
        ended = processes.Tree(tmp_path).end_orphans()

        assert ended == [orphan.pid]
        assert orphan.wait(10) == -signal.SIGTERM
        assert stranger.poll() is None
        stranger.terminate()
    assert processes.Tree(tmp_path).end_orphans() == []


@pytest.mark.parametrize("note", ["", "{}", "[]", "broken"])
def test_a_damaged_note_is_no_reason_to_stop(tmp_path: Path, note: str) -> None:
    (tmp_path / "run.json").write_text(note, encoding="ascii")

    assert processes.Tree(tmp_path).end_orphans() == []


def test_a_taken_port_is_refused(var_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = manage(var_dir, "run", PORT=str(port))

    assert refused.returncode == 1
    assert refused.stderr == (
        f"CommandError: 127.0.0.1:{port} ist nicht frei (Address already in use). "
        "Wählen Sie einen anderen Anschluss mit PORT=...\n"
    )


def test_a_database_of_a_newer_version_is_refused(var_dir: Path) -> None:
    with sqlite3.connect(var_dir / "db.sqlite3") as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('meetings', '9999_later', '2030-01-01')"
        )
    database.close()

    refused = manage(var_dir, "run")

    assert refused.returncode == 1
    assert refused.stderr == (
        "CommandError: Die Datenbank gehört zu einer neueren Version (unbekannt: meetings.9999_later). "
        "Aktualisieren Sie das Programm.\n"
    )


def test_a_demo_answers_on_this_machine_only(tmp_path: Path) -> None:
    refused = manage(tmp_path, "run", "--bind", "0.0.0.0", DEMO="1")  # noqa: S104 -- refused

    assert refused.returncode == 1
    assert refused.stderr == "CommandError: DEMO=1 antwortet nur auf 127.0.0.1; lassen Sie --bind weg.\n"


def test_a_demo_mails_on_this_machine_only(tmp_path: Path) -> None:
    refused = manage(tmp_path, "run", DEMO="1", EMAIL_URL="smtp://mail.example:25")

    assert refused.returncode == 1
    assert refused.stderr == ("CommandError: DEMO=1 nimmt nur eine EMAIL_URL auf diesem Rechner, nicht mail.example.\n")


def test_the_brokers_folder_is_its_owners_alone(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path_factory.mktemp("t")))  # short: the kernel cuts longer paths
    path = broker.socket_for(tmp_path / "var")

    broker.prepare_folder(path.parent)

    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert broker.socket_for(tmp_path / "var") == path
    assert broker.socket_for(tmp_path / "other") != path


def test_a_folder_somebody_else_prepared_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(broker.BrokerUnavailable, match="gehört einem anderen Benutzer"):
        broker.prepare_folder(tmp_path / "link")


def test_a_socket_path_the_kernel_would_cut_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/" + "a" * 100)

    with pytest.raises(broker.BrokerUnavailable, match="länger als 107 Bytes"):
        broker.socket_for(tmp_path)


def test_a_demo_leaves_a_database_alone_that_is_none(var_dir: Path) -> None:
    manage(
        var_dir,
        *("shell", "--no-imports", "-c"),
        "from buendnisse import models as m; m.Organisation.objects.create(name='Verein', slug='v', kind='schule')",
    ).check_returncode()

    refused = manage(var_dir, "run", DEMO="1")

    assert refused.returncode == 1
    assert refused.stderr == (
        "CommandError: Diese Datenbank enthält schon eigene Daten. Die Demo braucht eine leere Datenbank; "
        "bitte VAR_DIR oder DATABASE_URL ändern.\n"
    )
