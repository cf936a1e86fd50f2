"""Where a message really comes from, by what our own mail server found out (RFC 8601, RFC 7489)."""

from collections.abc import Sequence

from authres import AuthenticationResultsHeader, AuthResError

from .errors import UNREADABLE


def is_proven(results: Sequence[str], *, server: str, sender: str) -> bool:
    """Whether `server` says dmarc=pass for the domain of `sender`. `results` are the Authentication-Results, topmost first.

    Only headers under our server's own name count; a server that checks DMARC takes such headers of others out (RFC 8601
    section 5). Where two of them speak of DMARC, both must agree: one of them may be a stranger's.
    """
    if not server or not sender:
        return False
    said = [one for text in results for one in _dmarc(text, server)]
    domain = sender.rpartition("@")[2]
    return bool(said) and all(result == "pass" and about in {"", domain} for result, about in said)


def _dmarc(text: str, server: str) -> list[tuple[str, str]]:
    """(result, domain of From) of each DMARC check in one header; nothing where it is not our server's."""
    name = text.partition(";")[0].split()
    if not name or name[0].lower() != server.lower():
        return []
    try:
        header = AuthenticationResultsHeader.parse(f"Authentication-Results: {text}")
    except (AuthResError, *UNREADABLE):  # a header of a stranger; what cannot be read proves nothing
        return [("unreadable", "")]
    found = []
    for result in header.results:
        if result.method.lower() == "dmarc":
            about = [one.value for one in result.properties if (one.type, one.name) == ("header", "from")]
            found.append((result.result.lower(), str(about[0] if about else "").lower().rpartition("@")[2]))
    return found
