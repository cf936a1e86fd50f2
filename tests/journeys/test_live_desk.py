"""The live desk in a browser: a lost network, two windows, the projector, the keyboard. Time is moved, never slept."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from buendnisse import clock
from meetings.domain import decisions, drafting, session
from meetings.models import AgendaItem, Decision, ItemDraft
from tests.factories.buendnisse import PersonFactory
from tests.journeys.conftest import (
    DESK,
    LOOKS,
    PHONE,
    OpenPage,
    assert_accessible,
    assert_accessible_everywhere,
    keep_picture,
)
from tests.journeys.steps import send
from tests.meetings import held
from tests.meetings.held import AT

LIVE = "/sitzungen/2026-q4-arbeit/sitzung/"
BEAMER = f"{LIVE}beamer/"
MINUTE = 60_000


@pytest.fixture
def now(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> held.Held:
    """The server's clock stands still, for its threads too."""
    monkeypatch.setattr(clock, "now", lambda: AT)
    return held.running()


def desk_of(page: Page, now: held.Held, *, item: AgendaItem | None = None) -> Page:
    """The desk with its clock in our hands, once it knows that it writes."""
    page.clock.install()
    with page.expect_response(lambda answer: answer.url.endswith("/schreiben/")):
        page.goto(f"{LIVE}?punkt={(item or now.bus).pk}")
    return page


def write(page: Page, words: str) -> None:
    page.locator("#id_result").fill(words)


def stored(item: AgendaItem) -> str:
    return AgendaItem.objects.get(pk=item.pk).result


def status(page: Page) -> str:
    return page.locator("#gespeichert").inner_text()


def saved(page: Page) -> None:
    """Let two seconds pass and wait for the answer."""
    page.clock.run_for(2_100)
    expect(page.locator("#gespeichert")).to_have_text("Gespeichert um 10:05 Uhr.")


def local_texts(page: Page) -> list[str]:
    return page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('sitzung/'))")


def test_text_is_kept_by_itself_and_leaves_the_browser(browser_page: OpenPage, now: held.Held) -> None:
    page = desk_of(browser_page(person=now.world.imke), now)

    write(page, "Der Rufbus fährt.")
    assert len(local_texts(page)) == 1
    saved(page)

    assert (stored(now.bus), local_texts(page)) == ("Der Rufbus fährt.", [])


def test_minute_without_network_loses_nothing(browser_page: OpenPage, now: held.Held) -> None:
    page = desk_of(browser_page(person=now.world.imke), now)
    page.context.set_offline(True)

    write(page, "Der Rufbus fährt ab Januar.")
    page.clock.run_for(MINUTE)
    expect(page.locator("#gespeichert")).to_have_text(
        "Noch nicht gespeichert – keine Verbindung. Ihr Text ist in diesem Browser sicher."
    )
    page.get_by_role("button", name="Speichern und weiter").click()
    assert page.locator("#id_result").input_value() == "Der Rufbus fährt ab Januar."
    assert stored(now.bus) == ""

    page.context.set_offline(False)
    page.clock.run_for(100)
    expect(page.locator("#gespeichert")).to_have_text("Gespeichert um 10:05 Uhr.")
    assert (stored(now.bus), local_texts(page)) == ("Der Rufbus fährt ab Januar.", [])


def test_text_survives_a_closed_laptop(browser_page: OpenPage, now: held.Held) -> None:
    page = desk_of(browser_page(person=now.world.imke), now)
    page.context.set_offline(True)
    write(page, "Vor dem Zuklappen.")

    page.goto("about:blank")  # while there is no network: with one, the page would save as it leaves
    page.context.set_offline(False)
    page = desk_of(page, now)

    assert page.locator("#id_result").input_value() == "Vor dem Zuklappen."
    saved(page)
    assert stored(now.bus) == "Vor dem Zuklappen."


def test_half_filled_task_survives_a_closed_laptop_until_it_is_given(browser_page: OpenPage, now: held.Held) -> None:
    page = desk_of(browser_page(person=now.world.imke), now)
    page.get_by_text("Auftrag vergeben").first.click()
    page.get_by_label("Was ist zu tun?").fill("Fahrplan einholen")
    page.context.set_offline(True)

    page.goto("about:blank")
    page.context.set_offline(False)
    page = desk_of(page, now)

    expect(page.get_by_label("Was ist zu tun?")).to_have_value("Fahrplan einholen")
    page.get_by_label("Wer?").select_option(index=1)
    page.get_by_label("Bis wann?").fill("2027-04-30")
    send(page, "Auftrag vergeben")
    expect(page.locator("[data-task]")).to_have_text(["Fahrplan einholen"])
    expect(page.get_by_label("Was ist zu tun?")).to_have_value("")
    assert local_texts(page) == []


def test_two_decisions_in_a_row_then_undone_then_corrected(browser_page: OpenPage, now: held.Held) -> None:
    page = desk_of(browser_page(person=now.world.imke), now)
    page.get_by_text("Beschluss festhalten").click()
    for number, text in enumerate(("Der Rufbus fährt.", "Der Rufbus fährt spät."), start=1):
        page.locator("#id_text").fill(text)
        saved(page)
        send(page, "Beschluss feststellen")
        page.get_by_text(f"A-2026-0{number}: gefasst").first.wait_for()
        page.get_by_text("Beschluss festhalten").click()

    with page.expect_navigation():
        page.get_by_role("button", name="Rückgängig").last.click()
    page.locator("#id_text").fill("Der Rufbus fährt früh.")
    saved(page)
    send(page, "Beschluss feststellen")
    page.get_by_text("A-2026-03: gefasst").first.wait_for()

    assert list(Decision.objects.order_by("pk").values_list("state", "text")) == [
        ("adopted", "Der Rufbus fährt."),
        ("mistaken", "Der Rufbus fährt spät."),
        ("adopted", "Der Rufbus fährt früh."),
    ]


def test_newer_text_on_the_server_is_shown_beside_ones_own(browser_page: OpenPage, now: held.Held) -> None:
    page = desk_of(browser_page(person=now.world.imke), now)
    session.record_result(now.bus, result="Von nebenan.", version=1, by=now.world.imke, at=AT)

    write(page, "Von hier.")
    page.clock.run_for(2_100)

    both = page.get_by_role("region", name="Zwei Fassungen: Ergebnis")
    expect(both.locator(".both p")).to_have_text(["Von hier.", "Von nebenan."])
    assert_accessible(page)
    keep_picture(page, "live-two-texts")
    both.get_by_role("button", name="Beide untereinander").click()
    page.clock.run_for(100)
    expect(page.locator("#gespeichert")).to_have_text("Gespeichert um 10:05 Uhr.")
    assert stored(now.bus) == "Von nebenan.\n\nVon hier."


def test_second_person_takes_over_and_the_first_loses_nothing(browser_page: OpenPage, now: held.Held) -> None:
    jonas = PersonFactory(first_name="Jonas", last_name="Reiter", office="fachstelle", may_sign_in=True)
    first = desk_of(browser_page(person=now.world.imke), now)
    first.context.set_offline(True)
    write(first, "Noch nicht gesendet.")

    second = browser_page(person=jonas)
    second.goto(LIVE)
    expect(second.get_by_role("alert")).to_contain_text("schreibt seit 10:05 Uhr")
    assert_accessible_everywhere(second, "live-read-only", looks=LOOKS)
    second.set_viewport_size({"width": 1280, "height": 900})
    second.get_by_role("button", name="Übernehmen").click()
    second.locator("#id_result").fill("Jonas schreibt weiter.")
    second.get_by_role("button", name="Speichern", exact=True).click()
    second.get_by_text("Gespeichert um 10:05 Uhr.").first.wait_for()

    first.context.set_offline(False)
    first.clock.run_for(2 * MINUTE)
    expect(first.locator("#besetzt")).to_contain_text("Jonas Reiter schreibt seit 10:05 Uhr.")
    expect(first.locator("#es-schreibt")).to_have_count(0)
    expect(first.locator(".who--tap")).to_have_attribute("tabindex", "0")
    assert first.locator("#id_result").input_value() == "Noch nicht gesendet."
    assert_accessible(first)
    keep_picture(first, "live-taken-over")
    with first.expect_response(lambda answer: answer.url.endswith("/schreiben/")):
        first.get_by_role("button", name="Übernehmen").click()
    both = first.get_by_role("region", name="Zwei Fassungen: Ergebnis")
    expect(both.locator(".both p")).to_have_text(["Noch nicht gesendet.", "Jonas schreibt weiter."])
    assert stored(now.bus) == "Jonas schreibt weiter."


def test_two_windows_of_one_person_are_two(browser_page: OpenPage, now: held.Held) -> None:
    first = desk_of(browser_page(person=now.world.imke), now)
    second = first.context.new_page()
    second.goto(f"{LIVE}?punkt={now.bus.pk}")

    expect(second.locator("#besetzt")).to_contain_text("Sie schreiben seit 10:05 Uhr in einem anderen Fenster.")
    expect(first.locator("#besetzt")).to_have_count(0)


def test_projector_follows_the_desk_and_tells_no_secrets(browser_page: OpenPage, now: held.Held) -> None:
    page = desk_of(browser_page(person=now.world.imke), now)
    wall = page.context.new_page()
    wall.clock.install()
    wall.goto(BEAMER)
    expect(wall.locator("h1")).to_have_text("Rufbus am Abend")

    page.get_by_text("Beschluss festhalten").click()
    page.locator("#id_text").fill("Der Rufbus fährt auch abends.")
    page.get_by_text("Private Notiz, nur").click()
    page.locator("#notiz").fill("Frau Overhage ist dagegen.")
    saved(page)
    wall.clock.run_for(3_100)

    expect(wall.locator(".beamer__text")).to_have_text("Der Rufbus fährt auch abends.")
    text = wall.content()
    assert ItemDraft.objects.get().note == "Frau Overhage ist dagegen."
    assert ("dagegen" in text, "@" in text, "@" in wall.locator("body").inner_text()) == (False, False, False)


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_projector_has_seven_to_one_everywhere(browser_page: OpenPage, now: held.Held, color_scheme: str) -> None:
    drafting.keep(now.bus, version=1, proposal="Der Rufbus fährt auch abends.", note="")
    decisions.adopt(now.bus, text="Angenommen.", kind="consensus", by=now.world.imke, at=AT)
    drafting.keep(now.bus, version=drafting.of(now.bus).version, proposal="Noch ein Vorschlag.", note="")
    for name in ("birgit", "susanne"):
        session.record_presence(now.row(name), presence="present", by=now.world.imke, at=AT)
    session.record_result(now.opening, result="Gut.", version=1, by=now.world.imke, at=AT)
    page = browser_page(person=now.world.birgit, color_scheme=color_scheme)
    page.goto(BEAMER)

    worst = page.evaluate(_CONTRAST)

    assert worst >= 7
    assert_accessible_everywhere(page, "beamer", looks=((DESK, color_scheme), (PHONE, color_scheme)))


_CONTRAST = """() => {
  const part = (c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const light = (rgb) => 0.2126 * part(rgb[0]) + 0.7152 * part(rgb[1]) + 0.0722 * part(rgb[2]);
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = (colour) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const found = rgb(getComputedStyle(node).backgroundColor);
      if (found[3]) return found;
    }
    return [255, 255, 255, 255];
  };
  const texts = [...document.querySelectorAll("body *")].filter((node) =>
    [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim()));
  return Math.min(...texts.map((node) => {
    const [a, b] = [light(rgb(getComputedStyle(node).color)), light(ground(node))].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  }));
}"""


def test_desk_looks_right_everywhere(browser_page: OpenPage, now: held.Held) -> None:
    page = desk_of(browser_page(person=now.world.imke), now)
    for summary in ("Beschluss festhalten", "Tastenkürzel"):
        page.get_by_text(summary, exact=True).first.click()

    assert_accessible_everywhere(page, "live-desk", looks=LOOKS)


def test_whole_meeting_by_keyboard(browser_page: OpenPage, now: held.Held) -> None:
    page = desk_of(browser_page(person=now.world.imke), now, item=now.opening)
    page.keyboard.press("Alt+KeyE")
    assert page.evaluate("document.activeElement.id") != "id_result"  # off until switched on

    tab_to(page, "#kuerzel summary")
    page.keyboard.press("Enter")
    tab_to(page, "#kuerzel-an")
    page.keyboard.press("Space")
    page.keyboard.press("Alt+KeyE")
    page.keyboard.type("Angenommen.")
    step(page, "Alt+KeyW", f"?punkt={now.bus.pk}")
    page.keyboard.press("Alt+KeyE")
    page.keyboard.type("Der Rufbus kommt.")
    page.keyboard.press("Alt+KeyB")
    page.keyboard.type("Der Rufbus fährt auch abends.")
    tab_to(page, "button:text-is('Beschluss feststellen')")
    page.keyboard.press("Enter")
    page.get_by_text("A-2026-01: gefasst").first.wait_for()
    page.keyboard.press("Alt+KeyA")
    page.keyboard.type("Fahrplan erfragen")
    tab_to(page, "#id_owner")
    page.keyboard.type("Overhage")
    tab_to(page, "#id_due_on")
    page.keyboard.type("12122026")
    tab_to(page, "button:text-is('Auftrag vergeben')")
    page.keyboard.press("Enter")
    page.get_by_text("Der Auftrag ist notiert. Ein Irrtum").wait_for()
    step(page, "Alt+KeyW", f"?punkt={now.closing.pk}")
    page.keyboard.press("Alt+KeyE")
    page.keyboard.type("Danke.")
    tab_to(page, "button:text-is('Sitzung beenden')")
    page.keyboard.press("Enter")
    page.wait_for_url("**/protokoll/")

    rows = AgendaItem.objects.order_by("position").values_list("result", flat=True)
    assert list(rows) == ["Angenommen.", "Der Rufbus kommt.", "Danke."]


def tab_to(page: Page, selector: str) -> None:
    """Press the tab key until the focus is there; a page one cannot leave by it fails."""
    for _press in range(120):
        page.keyboard.press("Tab")
        if page.locator(selector).first.evaluate("node => node === document.activeElement"):
            return
    pytest.fail(f"the keyboard never reaches {selector}")


def step(page: Page, keys: str, address: str) -> None:
    page.keyboard.press(keys)
    page.wait_for_url(f"**{address}")


def test_long_list_of_people_is_searched_and_grouped(browser_page: OpenPage, now: held.Held) -> None:
    session.record_presence(now.row("birgit"), presence="present", by=now.world.imke, at=AT)
    page = browser_page(person=now.world.imke, width=PHONE)
    page.goto("/sitzungen/2026-q4-arbeit/anwesenheit/")
    assert_accessible_everywhere(page, "attendance", looks=LOOKS)
    page.set_viewport_size({"width": PHONE, "height": 900})
    keep_picture(page, "attendance-phone")

    page.get_by_label("Name oder Organisation suchen").fill("jobcenter")

    expect(page.locator("tr[data-find]:visible")).to_have_count(1)
    expect(page.locator("tr[data-find]:visible")).to_contain_text("Birgit Hanneken")


def test_desk_saves_by_itself_in_a_browser_that_keeps_nothing(browser_page: OpenPage, now: held.Held) -> None:
    page = browser_page(person=now.world.imke)
    for store in ("localStorage", "sessionStorage"):
        page.add_init_script(f"Object.defineProperty(window, '{store}', {{get() {{ throw new DOMException('no') }}}})")
    desk_of(page, now)
    write(page, "Der Rufbus fährt.")
    saved(page)
    write(page, "")
    saved(page)
    write(page, "Der Rufbus fährt ab Januar.")
    saved(page)

    assert stored(now.bus) == "Der Rufbus fährt ab Januar."


def test_desk_can_be_loaded_anew_after_a_button(browser_page: OpenPage, now: held.Held) -> None:
    page = desk_of(browser_page(person=now.world.imke), now)
    page.get_by_text("Beschluss festhalten").click()
    page.locator("#id_text").fill("Der Rufbus fährt.")
    page.get_by_role("button", name="Beschluss feststellen").click()
    expect(page.locator("main")).to_contain_text("Ein Irrtum lässt sich eine Minute lang zurücknehmen.")

    assert page.evaluate("location.pathname + location.search") == f"{LIVE}?punkt={now.bus.pk}"
    page.reload()
    expect(page.get_by_role("heading", name="Sitzung läuft")).to_be_visible()
