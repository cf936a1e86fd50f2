"""The process tree of one installation: start, watch, restart and end its children.

Linux is what servers run; elsewhere the tree works, but children outlive a parent that was killed with SIGKILL.
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import select
import signal
import subprocess
import sys
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

MARK = "BUENDNISSE_RUN"  # in every child's environment: tells whose it is, whatever its id
PR_SET_PDEATHSIG = 1  # prctl(2)
RESTARTS, WITHIN = 5, 60.0  # more deaths of one child than this in so many seconds end the whole


class Refused(Exception):
    """The tree cannot be started; the sentence says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Program:
    """One child: what it runs, and how it is asked to end.

    `quick` is sent by the kernel when the parent dies, and by us when `patience` seconds after SIGTERM are over.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    quick: signal.Signals = signal.SIGTERM
    patience: float = 10.0
    files: Sequence[int] = ()


@contextmanager
def claim(var_dir: Path) -> Iterator[None]:
    """Hold this VAR_DIR; a second holder is refused. The kernel releases it when we die, however we die."""
    var_dir.mkdir(parents=True, exist_ok=True)
    with (var_dir / "run.lock").open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(f"In {var_dir} läuft schon eine Instanz (Prozess {_first_line(file)}).") from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def _first_line(file: IO[str]) -> str:
    file.seek(0)
    return file.readline().strip() or "unbekannt"


class Tree:
    """Children in the order they were started; ended in the order `names_to_end` says."""

    def __init__(self, var_dir: Path, *, say: Callable[[str], object] = print) -> None:
        self.note = var_dir / "run.json"
        self.id = uuid.uuid4().hex
        self.say = say
        self.programs: dict[str, Program] = {}
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.deaths: dict[str, deque[float]] = {}

    def start(self, program: Program) -> None:
        """Start one child in a session of its own, so that a Ctrl-C of the terminal reaches only us."""
        self.programs[program.name] = program
        self._write_note()  # before the child exists: a crash between the two must not hide it
        parent = os.getpid()
        self.running[program.name] = subprocess.Popen(
            list(program.command),
            env={**os.environ, **program.environment, MARK: self.id},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=tuple(program.files),
            preexec_fn=lambda: _die_with(parent, program.quick),  # noqa: PLW1509 -- one system call, no locks taken
        )
        self._write_note()

    def watch(self, wake: Wake) -> int:
        """Restart whoever dies, until we are asked to end. Returns the exit status: 1 when a child died too often."""
        while not wake.wait(1.0):
            for name, process in list(self.running.items()):
                status = process.poll()
                if status is None:
                    continue
                self._end_group(process)
                if self._dies_too_often(name):
                    self.say(
                        f"{name} endet immer wieder ({_cause(status)}). Alles wird beendet; der Grund steht darüber."
                    )
                    return 1
                self.say(f"{name} ist ausgefallen ({_cause(status)}) und wird neu gestartet.")
                self.start(self.programs[name])
        return 0

    def end(self, order: Sequence[str], *, hurry: Callable[[], bool] = lambda: False) -> None:
        """End the children in this order, each before the next is asked; `hurry` cuts all patience short."""
        for name in order:
            if process := self.running.pop(name, None):
                self._end_one(process, self.programs[name], hurry)
        self.note.unlink(missing_ok=True)

    def end_orphans(self) -> list[int]:
        """End what an earlier run left behind. Only processes that carry that run's mark are touched; returns their ids."""
        try:
            run = str(json.loads(self.note.read_text(encoding="ascii"))["run"])
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return []
        left = [(pid, handle) for pid in marked(run) if (handle := _open_if_marked(pid, run)) is not None]
        for kind, patience in ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0)):
            for _, handle in left:
                with suppress(ProcessLookupError):
                    signal.pidfd_send_signal(handle, kind)
            if _all_gone([handle for _, handle in left], patience):
                break
        for _, handle in left:
            os.close(handle)
        self.note.unlink(missing_ok=True)
        return [pid for pid, _ in left]

    def _end_one(self, process: subprocess.Popen[bytes], program: Program, hurry: Callable[[], bool]) -> None:
        process.send_signal(signal.SIGTERM)
        if not _gone_within(process, program.patience, hurry):
            process.send_signal(program.quick)
            _gone_within(process, 5.0, hurry)
        self._end_group(process)
        process.wait()

    def _end_group(self, process: subprocess.Popen[bytes]) -> None:
        """Kill what is left of the child's session, for example the pool of a worker that was killed."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)

    def _dies_too_often(self, name: str) -> bool:
        now = time.monotonic()
        deaths = self.deaths.setdefault(name, deque())
        deaths.append(now)
        while deaths[0] < now - WITHIN:
            deaths.popleft()
        return len(deaths) > RESTARTS

    def _write_note(self) -> None:
        note = {"run": self.id, "parent": os.getpid(), "children": {n: p.pid for n, p in self.running.items()}}
        fresh = self.note.with_suffix(".new")
        fresh.write_text(json.dumps(note), encoding="ascii")
        fresh.replace(self.note)


class Wake:
    """Turns signals into something the main loop can wait for.

    Handlers are installed explicitly: a shell's `&` starts us with SIGINT ignored, and Python then installs none.
    """

    ASKED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __init__(self) -> None:
        self.asked = 0
        self._read, self._write = os.pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(self._write, False)
        signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        for kind in self.ASKED:
            if kind is not signal.SIGHUP or signal.getsignal(kind) != signal.SIG_IGN:  # nohup is meant
                signal.signal(kind, self._count)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # only to wake the loop when a child ends

    def wait(self, seconds: float) -> bool:
        """True once we were asked to end; False after so many seconds or when a child ended."""
        if not self.asked and select.select([self._read], [], [], seconds)[0]:
            with suppress(BlockingIOError):
                os.read(self._read, 4096)
        return self.asked > 0

    def asked_twice(self) -> bool:
        """A second Ctrl-C means: now."""
        return self.asked > 1

    def _count(self, *_: object) -> None:
        self.asked += 1


def marked(run: str) -> list[int]:
    """The ids of all processes whose environment carries this run's mark."""
    return [int(entry.name) for entry in Path("/proc").glob("[0-9]*") if _carries(int(entry.name), run)]


def _carries(pid: int, run: str) -> bool:
    try:
        return f"{MARK}={run}".encode() in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return False


def _open_if_marked(pid: int, run: str) -> int | None:
    """A handle on the process, looked at again once held: its id cannot be given to a stranger any more."""
    try:
        handle = os.pidfd_open(pid)
    except OSError:
        return None
    if _carries(pid, run):
        return handle
    os.close(handle)
    return None


def _all_gone(handles: list[int], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    waiting = set(handles)
    while waiting and (left := deadline - time.monotonic()) > 0:
        waiting -= set(select.select(list(waiting), [], [], left)[0])  # a pidfd is readable once its process ended
    return not waiting


def _gone_within(process: subprocess.Popen[bytes], seconds: float, hurry: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not hurry():
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.2)
            return True
    return False


_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def _die_with(parent: int, kind: signal.Signals) -> None:
    """Runs in the child before its program: the kernel signals it when its parent ends in any way."""
    if _libc is None:
        return
    _libc.prctl(PR_SET_PDEATHSIG, int(kind), 0, 0, 0)
    if os.getppid() != parent:  # it ended between fork and prctl
        os._exit(1)


def _cause(status: int) -> str:
    return f"Signal {-status}" if status < 0 else f"Status {status}"
