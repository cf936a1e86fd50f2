"""A real SMTP server on a port of its own, with a queue of its own; it hands everything to Dovecot's mailboxes.

It needs root (its master changes users). Who has no mailbox gets a real report to the real envelope sender.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support import dovecot, ports

_MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.example
mydestination =
mynetworks = 127.0.0.0/8
smtpd_recipient_restrictions = permit_mynetworks, reject
default_transport = dovecot
relay_transport = dovecot
recipient_delimiter = +
dovecot_destination_recipient_limit = 1
alias_maps =
alias_database =
smtp_tls_security_level =
smtpd_tls_security_level = none
notify_classes =
"""
_SERVICES = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
dovecot unix - n n - 10 pipe
  flags=DRX user={user} null_sender= argv={delivery} -d ${{user}}@${{domain}}
"""


@dataclass(frozen=True)
class Server:
    port: int
    folder: Path

    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")


@contextmanager
def running(mailboxes: dovecot.Server) -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="buendnisse-postfix-"))
    folder.chmod(0o755)  # its daemons run as somebody else
    [port] = ports.free(1)
    for name in ("spool", "data", "etc"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    (folder / "etc/main.cf").write_text(_MAIN.format(folder=folder), encoding="ascii")
    delivery = " ".join(mailboxes.delivery())
    services = _SERVICES.format(port=port, user=dovecot.DELIVERS_AS, delivery=delivery)
    (folder / "etc/master.cf").write_text(services, encoding="ascii")
    _postfix(folder, "start")
    try:
        assert ports.answers(port), "Postfix does not answer"  # "start" returns once its master has opened it
        yield Server(port, folder)
    finally:
        _postfix(folder, "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _postfix(folder: Path, what: str) -> None:
    path = f"{os.environ['PATH']}:/usr/sbin:/sbin"
    done = subprocess.run(
        [shutil.which("postfix", path=path) or "postfix", "-c", str(folder / "etc"), what],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, f"postfix {what}: {done.stdout}{done.stderr}"
