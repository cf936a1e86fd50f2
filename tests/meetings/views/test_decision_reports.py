"""How a decision stands: by the link in the mail, and who is responsible."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from buendnisse import clock
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose
from buendnisse.models import Change
from meetings.domain import decision_follow_up, decisions
from meetings.models import Decision
from tests.meetings import held
from tests.meetings.held import AT, LATER
from tests.support.clients import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_monday() -> Any:
    with clock.frozen(LATER):
        yield


@pytest.fixture
def now() -> held.Held:
    made = held.running()
    decision = decisions.adopt(made.bus, kind="consensus", text="Der Rufbus fährt.", by=made.world.imke, at=AT)
    decision_follow_up.first_task(decision, made.world.susanne)
    return made


def address(now: held.Held, person: Any = None) -> str:
    decision, who = Decision.objects.get(), person or now.world.susanne
    link = links.grant(
        who, purpose=LinkPurpose.DECISION, subject=decision, until=LATER + dt.timedelta(days=9), at=LATER
    )
    return f"/beschluss/{links.token(link)}/"


def said(**given: Any) -> dict[str, Any]:
    return {
        "stand": "in_progress",
        "wieder": "2027-02-25",
        "satz": "Läuft.",
        "version": Decision.objects.get().version,
    } | given


def test_looking_changes_nothing_and_a_button_says_it(now: held.Held) -> None:
    url, client = address(now), Client()
    before = Decision.objects.values().get()

    assert client.get(url).status_code == 200
    assert Decision.objects.values().get() == before

    assert client.post(url, said()).status_code == 302
    decision = Decision.objects.get()
    assert (decision.state, decision.follow_up_on, decision.report) == ("in_progress", dt.date(2027, 2, 25), "Läuft.")
    change = Change.objects.latest("pk")
    assert (change.verb, change.via, change.by) == ("decision.followed_up", "mail_link", now.world.susanne)
    assert client.get(f"{url}danke/").status_code == 200

    client.post(url, said(stand="done", wieder=""))
    assert (Decision.objects.get().state, Decision.objects.get().follow_up_on) == ("done", None)
    client.post(url, said())
    assert Decision.objects.get().state == "in_progress"


@pytest.mark.parametrize("day", ["", "2026-11-23", "2020-01-01", "unsinn"])
def test_what_is_not_done_needs_a_day_that_comes(now: held.Held, day: str) -> None:
    page = Client().post(address(now), said(wieder=day))

    assert page.status_code == 200
    assert page.context["form"].errors.keys() == {"wieder"}
    assert page.context["form"]["satz"].value() == "Läuft."
    assert Decision.objects.get().state == "adopted"


def test_stale_answer_shows_what_holds_and_goes_through_the_second_time(now: held.Held) -> None:
    url, first = address(now), said()
    decisions.follow_up(
        Decision.objects.get(),
        state="in_progress",
        version=first["version"],
        note="Telefonat",
        by=now.world.imke,
        at=LATER,
    )

    page = Client().post(url, first)

    assert page.status_code == 409
    assert page.context["form"]["satz"].value() == "Läuft."
    assert Client().post(url, first | {"version": page.context["form"]["version"].value()}).status_code == 302
    assert Decision.objects.get().note == "Telefonat"


def test_somebody_elses_link_says_so_and_writes_nothing(now: held.Held) -> None:
    url = address(now, now.world.birgit)

    assert "jetzt jemand anderes" in Client().get(url).content.decode()
    assert Client().post(url, said()).status_code == 200
    assert Decision.objects.get().state == "adopted"


def test_a_revoked_decision_asks_nobody(now: held.Held) -> None:
    url = address(now)
    decisions.revoke(Decision.objects.get(), reason="Eingestellt.", by=now.world.imke, at=LATER)

    assert "Dieser Beschluss gilt nicht mehr." in Client().get(url).content.decode()
    assert Client().post(url, said()).status_code == 200
    assert Decision.objects.get().state == "revoked"


def test_fachstelle_names_who_is_responsible(now: held.Held) -> None:
    client, version = signed_in(now.world.imke), Decision.objects.get().version

    client.post("/beschluesse/A-2026-01/zustaendig/", {"to": now.world.birgit.pk, "version": version})
    decision = Decision.objects.get()
    assert (decision.responsible, decision.responsible_organisation) == (
        now.world.birgit,
        now.world.birgit.organisation,
    )

    page = client.post("/beschluesse/A-2026-01/zustaendig/", {"to": "", "version": version})
    assert page.status_code == 409
    assert f"Zuständig: {now.world.birgit.full_name}." in page.content.decode()
    assert Decision.objects.get().responsible == now.world.birgit

    stranger = client.post("/beschluesse/A-2026-01/zustaendig/", {"to": now.world.hedwig.pk, "version": version + 1})
    assert stranger.context["entrust_form"].errors.keys() == {"to"}


def test_register_names_the_organisation_and_filters_what_is_due(now: held.Held) -> None:
    Decision.objects.update(follow_up_on=LATER.date())
    client = signed_in(now.world.imke)

    page = client.get("/beschluesse/?faellig=on").context["page"]
    assert [(line.number, line.is_due, line.responsible) for line in page.object_list] == [
        ("A-2026-01", True, now.world.susanne.organisation.short_name)
    ]
    Decision.objects.update(follow_up_on=LATER.date() + dt.timedelta(days=1))
    assert client.get("/beschluesse/?faellig=on").context["page"].object_list == []
