"""One bare sender: the pickled bytes of the file named second over one connection to the port named first.

Says "ready" once it has read them and is connected, and begins at a line from standard input.
"""

from __future__ import annotations

import pickle
import smtplib
import sys
from pathlib import Path


def main(port: int, file: Path) -> None:
    payloads: list[bytes] = pickle.loads(file.read_bytes())  # noqa: S301 -- our own
    with smtplib.SMTP("127.0.0.1", port) as session:
        print("ready", flush=True)
        sys.stdin.readline()
        for number, payload in enumerate(payloads):
            session.sendmail("buendnisse@fachstelle.example", [f"m{number}@bench.example"], payload)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
