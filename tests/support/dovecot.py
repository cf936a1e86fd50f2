"""A real IMAP server with real mailboxes in a folder of its own, on ports of its own, under nobody's rights.

Mail is laid into a mailbox by IMAP, or by Dovecot's own delivery program where a real SMTP server hands it over.
"""

from __future__ import annotations

import imaplib
import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from imap_tools import MailBoxUnencrypted

from tests.support import ports

PASSWORD = "geheim"
DELIVERS_AS = "nobody"
_AS = {"user": DELIVERS_AS, "group": "nogroup", "extra_groups": []}
_CONFIG = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = /dev/stderr
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_failure_delay = 0
auth_mechanisms = plain{mechanisms}
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{folder}/mail/%u
recipient_delimiter = +
auth_username_format = %Lu
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
}}
{oauth}
userdb {{
  driver = passwd-file
  args = {folder}/users
}}
namespace inbox {{
  inbox = yes
  separator = {separator}
  prefix = {prefix}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""
_OAUTH = """\
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth
}}
"""


@dataclass(frozen=True)
class Server:
    """A running server; every user has the same password."""

    imap_port: int
    folder: Path
    process: subprocess.Popen[bytes]

    def url(self, user: str) -> str:
        """What `IMAP_URL` takes."""
        return f"imap://{user.replace('@', '%40')}:{PASSWORD}@127.0.0.1:{self.imap_port}/INBOX"

    def lay(self, raw: bytes, *, to: str) -> None:
        """Lay one mail into the inbox of a user."""
        with self.session(to) as session:
            status, answer = session.append("INBOX", None, None, raw)  # type: ignore[arg-type]
        assert status == "OK", answer

    def delivery(self) -> list[str]:
        """The command that takes one mail for `-d USER`; run as DELIVERS_AS."""
        return ["/usr/lib/dovecot/dovecot-lda", "-c", str(self.folder / "config")]

    def mails(self, user: str, folder: str = "INBOX") -> list[bytes]:
        """What lies in a folder, the oldest first; nothing where there is no such folder."""
        with self.session(user) as session:
            if session.select(f'"{folder}"', readonly=True)[0] != "OK":
                return []
            _status, found = session.search(None, "ALL")
            fetched = [session.fetch(number, "(BODY.PEEK[])")[1][0] for number in found[0].decode().split()]
        return [part[1] for part in fetched if isinstance(part, tuple)]

    def wait_for(self, user: str, *, number: int = 1) -> list[bytes]:
        """What lies in the inbox once there are so many: mail takes its time, and the server says when one comes (IDLE)."""
        ends = time.monotonic() + 20
        with MailBoxUnencrypted("127.0.0.1", self.imap_port, timeout=10).login(user, PASSWORD) as box:
            while (count := len(box.uids())) < number:
                assert time.monotonic() < ends, f"{count} of {number} mails arrived"
                box.idle.wait(timeout=1)  # not longer: the search may have swallowed the news
        return self.mails(user)

    @contextmanager
    def session(self, user: str) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.imap_port, timeout=10) as session:
            session.login(user, PASSWORD)
            yield session

    def empty(self, *users: str) -> None:
        """Forget all mail, folders and UIDs: the next connection finds a mailbox that was built anew."""
        for user in users:
            shutil.rmtree(self.folder / "mail" / user, ignore_errors=True)


@contextmanager
def running(users: Sequence[str], *, separator: str = "/", prefix: str = "", token_info: str = "") -> Iterator[Server]:
    """A server for these addresses. `token_info`: where it asks whose access token one is (XOAUTH2)."""
    folder = Path(tempfile.mkdtemp(prefix="buendnisse-dovecot-"))
    [imap_port] = ports.free(1)
    is_root = os.geteuid() == 0
    user, group = (_AS["user"], _AS["group"]) if is_root else (_name(os.geteuid()), _group(os.getegid()))
    config = _CONFIG.format(
        folder=folder,
        user=user,
        group=group,
        separator=separator,
        prefix=prefix,
        imap=imap_port,
        mechanisms=" xoauth2" if token_info else "",
        oauth=_OAUTH.format(folder=folder) if token_info else "",
    )
    (folder / "config").write_text(config, encoding="ascii")
    (folder / "oauth").write_text(f"tokeninfo_url = {token_info}\nusername_attribute = email\n", encoding="ascii")
    (folder / "users").write_text("".join(_line(one, folder, user) for one in users), encoding="ascii")
    if is_root:
        for path in (folder, *folder.iterdir()):
            shutil.chown(path, user, group)
    process = subprocess.Popen(
        [shutil.which("dovecot", path=f"{os.environ['PATH']}:/usr/sbin") or "dovecot", "-F", "-c", folder / "config"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        **(_AS if is_root else {}),  # type: ignore[call-overload]
    )
    assert process.stderr is not None
    with process.stderr as log:
        rest = threading.Thread(target=log.read, daemon=True)  # what it says later must not fill the pipe
        try:
            _wait(log)
            rest.start()
            yield Server(imap_port, folder, process)
        finally:
            process.terminate()
            process.wait(20)
            if rest.is_alive():
                rest.join(20)
            shutil.rmtree(folder, ignore_errors=True)


def _wait(log: IO[bytes]) -> None:
    """Until it says that it has started: its ports are open by then."""
    said = []
    for line in log:
        said.append(line.decode(errors="replace"))
        if "starting up" in said[-1]:
            return
    raise AssertionError(f"Dovecot does not start: {''.join(said)}")


def _line(address: str, folder: Path, user: str) -> str:
    uid, gid = _ids(user)
    return f"{address}:{PASSWORD}:{uid}:{gid}::{folder}/mail/{address}\n"


def _ids(user: str) -> tuple[int, int]:
    import pwd  # noqa: PLC0415 -- there are systems without

    entry = pwd.getpwnam(user)
    return entry.pw_uid, entry.pw_gid


def _name(uid: int) -> str:
    import pwd  # noqa: PLC0415

    return pwd.getpwuid(uid).pw_name


def _group(gid: int) -> str:
    import grp  # noqa: PLC0415

    return grp.getgrgid(gid).gr_name
