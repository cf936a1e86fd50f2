"""What is written to the log. Personal links are secrets: an address in a log must open nothing."""

from __future__ import annotations

import logging
import re

#: A personal link's last part: id, hyphen, 20 characters (see buendnisse.domain.links).
_TOKEN = re.compile(r"(?<=/)([a-z2-7]{2,16})-[A-Za-z0-9_~]{20}(?![A-Za-z0-9_~])")


class WithoutTokens(logging.Formatter):
    """Lines as usual, tracebacks too; of a personal link only the number of its row stays."""

    def format(self, record: logging.LogRecord) -> str:
        return _TOKEN.sub(r"\1-…", super().format(record))
