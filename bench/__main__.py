"""`make bench`: run every measurement, print it, and write `var/bench.json`."""

from __future__ import annotations

import json
import os
import platform
import tempfile
from pathlib import Path


def main() -> None:
    """Each measurement works on a demo of its own in a folder that is removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="buendnisse-bench-"))
    os.environ |= {"DEMO": "1", "VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "buendnisse.config.settings"}
    os.environ.pop("EMAIL_URL", None)

    import django  # noqa: PLC0415 -- the environment above comes first

    django.setup()
    from bench import digests, documents, folders, mail, pages, planning, web  # noqa: PLC0415 -- the same

    figures = {
        "machine": {"cpus": os.cpu_count(), "python": platform.python_version(), "load": os.getloadavg()[0]},
        "pages": pages.measure(),
        "planning": planning.measure(),
        "documents": documents.measure(),
        "folder": folders.measure(),
        "web": web.measure(folder),
        "digests": digests.measure(),
        "mail": mail.measure(folder),
    }
    target = Path("var/bench.json")
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
