"""A log opens nothing: personal links are masked, in messages and in tracebacks."""

from __future__ import annotations

import datetime as dt
import io
import logging
import logging.config

import pytest
from django.conf import settings
from django.test import Client

from buendnisse import clock
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose
from tests.world import AT, build

pytestmark = pytest.mark.django_db


def test_refused_form_behind_a_link_leaves_no_token_in_the_log() -> None:
    link = links.grant(build().hedwig, purpose=LinkPurpose.SETTINGS, until=AT + dt.timedelta(days=9), at=AT)
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    line = settings.LOGGING["formatters"]["line"]
    handler.setFormatter(logging.config.DictConfigurator({"version": 1}).configure_formatter(dict(line)))
    logging.getLogger().addHandler(handler)

    with clock.frozen(AT):
        Client(enforce_csrf_checks=True).post(f"/einstellungen/{links.token(link)}/", {"rhythm": "never"})
    logging.getLogger().removeHandler(handler)

    assert "Forbidden (CSRF cookie not set.): /einstellungen/" in stream.getvalue()
    assert links.token(link) not in stream.getvalue()
