"""Who gets what at every address: a row an address, a letter a role. A new address without a row fails.

Letters in the order of `ROLES`: `.` the page · `/` done, and on to another page · `L` asked to sign in ·
`x` 403 · `-` 404 (not even that it exists is told) · `m` 405 · `g` 410 (the link opens nothing) · `b` 400 (a script that
said nothing).
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from buendnisse import clock
from tests.architecture.scenery import AT, ROLES, Scenery, addresses, build

EVERYBODY = ".........."
NOBODY = "----------"
LINK = "gggggggggg"
NO_METHOD = "mmmmmmmmmm"
FACHSTELLE = "Lxxxxxxxx."
FACHSTELLE_THEN = "Lxxxxxxxx/"
FACHSTELLE_NOT = "Lxxxxxxxxm"

#: Address: what a GET answers, what a POST without any data answers.
TABLE: dict[str, tuple[str, str]] = {
    "health-live": (EVERYBODY, NO_METHOD),
    "health-ready": (EVERYBODY, NO_METHOD),
    "account_login": ("./////////", "./////////"),
    "account_request_login_code": ("./////////", "./////////"),
    "account_confirm_login_code": ("L/////////", "L/////////"),
    "account_logout": ("/.........", "//////////"),
    "account_inactive": (EVERYBODY, NO_METHOD),
    "notifications:home": ("L.........", "L........."),
    "notifications:open_mine": (NO_METHOD, "L---------"),
    "notifications:sign_in_once": (LINK, LINK),
    "notifications:demo": (NOBODY, NOBODY),
    "notifications:demo_roles": (NOBODY, NOBODY),
    "notifications:demo_post": (NOBODY, NOBODY),
    "notifications:demo_deliver": (NO_METHOD, NOBODY),
    "notifications:demo_letter": (NOBODY, NOBODY),
    "notifications:demo_letter_html": (NOBODY, NOBODY),
    "notifications:outbox": (FACHSTELLE, FACHSTELLE),
    "notifications:outbox_send_again": (NO_METHOD, FACHSTELLE_THEN),
    "notifications:mail_ahead": (FACHSTELLE, FACHSTELLE_THEN),
    "notifications:mail_ahead_html": (FACHSTELLE, FACHSTELLE),
    "notifications:examples": (FACHSTELLE, NO_METHOD),
    "notifications:example": (FACHSTELLE, NO_METHOD),
    "notifications:example_html": (FACHSTELLE, NO_METHOD),
    "notifications:valve": (FACHSTELLE, FACHSTELLE),
    "notifications:test_end": (NO_METHOD, FACHSTELLE_THEN),
    "notifications:pause": (NO_METHOD, FACHSTELLE_THEN),
    "notifications:resume": (NO_METHOD, FACHSTELLE_THEN),
    "notifications:pause_meeting": (NO_METHOD, FACHSTELLE_THEN),
    "notifications:resume_meeting": (NO_METHOD, FACHSTELLE_THEN),
    "notifications:returned": (FACHSTELLE, NO_METHOD),
    "notifications:returned_settle": (NO_METHOD, FACHSTELLE_THEN),
    "notifications:mailbox_seen": (NO_METHOD, FACHSTELLE_THEN),
    "notifications:outbox_letter": (FACHSTELLE, FACHSTELLE_THEN),
    "notifications:outbox_letter_html": (FACHSTELLE, FACHSTELLE),
    "notifications:beforehand": (FACHSTELLE_THEN, FACHSTELLE),
    "notifications:beforehand_mail": (FACHSTELLE, NO_METHOD),
    "notifications:send_agenda": (FACHSTELLE, FACHSTELLE),
    "notifications:send_agenda_preview": (FACHSTELLE, FACHSTELLE),
    "notifications:agenda_restore": (FACHSTELLE_NOT, FACHSTELLE_THEN),
    "notifications:late_papers_send": (NO_METHOD, FACHSTELLE_THEN),
    "notifications:telephone_list": (FACHSTELLE, FACHSTELLE_THEN),
    "notifications:meeting_people": (FACHSTELLE, FACHSTELLE_NOT),
    "notifications:meeting_invitation": (FACHSTELLE, FACHSTELLE_THEN),
    "notifications:meeting_invitation_html": (FACHSTELLE, FACHSTELLE_NOT),
    "notifications:meeting_again_back": (NO_METHOD, FACHSTELLE_THEN),
    "notifications:cancellation_send": (NO_METHOD, FACHSTELLE_THEN),
    "notifications:cancellation_take_back": (NO_METHOD, FACHSTELLE_THEN),
    "notifications:inbox": (FACHSTELLE, FACHSTELLE_NOT),
    "notifications:inbound": (FACHSTELLE, FACHSTELLE),
    "notifications:reply_check": (LINK, LINK),
    "notifications:answer": (LINK, LINK),
    "notifications:answer_as": (LINK, LINK),
    "notifications:deputy": (LINK, LINK),
    "notifications:feed": (NOBODY, NO_METHOD),
    "notifications:calendar": (LINK, LINK),
    "notifications:feed_meeting_ics": (LINK, NO_METHOD),
    "notifications:letter_meeting_ics": (LINK, NO_METHOD),
    "notifications:meeting_ics": ("L-......x.", "Lmmmmmmmxm"),
    "notifications:year_tell": (FACHSTELLE, FACHSTELLE),
    "notifications:year_tell_preview": (FACHSTELLE, NO_METHOD),
    "notifications:year_take_back": (NO_METHOD, FACHSTELLE_THEN),
    "notifications:votes": ("Lx...x..x.", "Lxmmmxmmxm"),
    "notifications:vote_new": (FACHSTELLE, FACHSTELLE),
    "notifications:vote": ("Lx-..x..x.", "Lxmmmxmmxm"),
    "notifications:vote_edit": (FACHSTELLE, FACHSTELLE),
    "notifications:vote_discard": (NO_METHOD, FACHSTELLE_THEN),
    "notifications:vote_open": (FACHSTELLE, FACHSTELLE_THEN),
    "notifications:vote_open_preview": (FACHSTELLE, NO_METHOD),
    "notifications:vote_take_back": (NO_METHOD, FACHSTELLE_THEN),
    "notifications:vote_cancel": (NO_METHOD, FACHSTELLE),
    "notifications:vote_phone": (FACHSTELLE, FACHSTELLE),
    "notifications:vote_reached": (NO_METHOD, FACHSTELLE_THEN),
    "notifications:ballot": (LINK, LINK),
    "notifications:ballot_paper": (LINK, NO_METHOD),
    "notifications:settings": (LINK, LINK),
    "notifications:settings_address": (NO_METHOD, LINK),
    "notifications:address": (LINK, LINK),
    "notifications:person": (FACHSTELLE, NO_METHOD),
    "notifications:person_new": (FACHSTELLE, FACHSTELLE),
    "notifications:person_seat": (NO_METHOD, FACHSTELLE),
    "notifications:person_succession": (FACHSTELLE, FACHSTELLE),
    "notifications:person_succession_back": (NO_METHOD, FACHSTELLE_THEN),
    "notifications:person_taken_in_back": (NO_METHOD, FACHSTELLE_THEN),
    "notifications:person_address": (NO_METHOD, FACHSTELLE),
    "notifications:person_address_away": (NO_METHOD, FACHSTELLE_THEN),
    "notifications:person_merge": (FACHSTELLE, FACHSTELLE),
    "notifications:person_part": (NO_METHOD, FACHSTELLE_THEN),
    "notifications:person_end_links": (NO_METHOD, FACHSTELLE_THEN),
    "notifications:person_calendar": (NO_METHOD, FACHSTELLE_THEN),
    "notifications:person_end": (FACHSTELLE, FACHSTELLE),
    "notifications:settings_take_back": (NO_METHOD, LINK),
    "notifications:unsubscribe": (LINK, LINK),
    "meetings:alliances": ("L.......x.", "Lmmmmmmmxm"),
    "meetings:alliance": ("L.......x.", "Lmmmmmmmxm"),
    "meetings:missed": ("L.......x.", "Lmmmmmmmxm"),
    "meetings:missed_link": (LINK, NO_METHOD),
    "meetings:missed_minutes": (NO_METHOD, LINK),
    "meetings:missed_task": (NO_METHOD, LINK),
    "meetings:year": (FACHSTELLE, FACHSTELLE_NOT),
    "meetings:year_take": (FACHSTELLE_THEN, FACHSTELLE),
    "meetings:year_own_day": (FACHSTELLE_THEN, FACHSTELLE),
    "meetings:year_drop": (FACHSTELLE_NOT, FACHSTELLE_THEN),
    "meetings:days": (FACHSTELLE, FACHSTELLE_NOT),
    "meetings:day_new": (FACHSTELLE, FACHSTELLE),
    "meetings:day_edit": (FACHSTELLE, FACHSTELLE),
    "meetings:day_remove": (FACHSTELLE_NOT, FACHSTELLE_THEN),
    "meetings:days_read": (FACHSTELLE, FACHSTELLE),
    "meetings:days_sample_csv": (FACHSTELLE, FACHSTELLE_NOT),
    "meetings:days_take_file_back": (FACHSTELLE_NOT, FACHSTELLE_THEN),
    "meetings:rule": (FACHSTELLE, FACHSTELLE),
    "meetings:procedure": (FACHSTELLE, FACHSTELLE),
    "meetings:reminder_rules": (FACHSTELLE, FACHSTELLE),
    "meetings:periods": (FACHSTELLE, FACHSTELLE),
    "meetings:bodies": (FACHSTELLE, FACHSTELLE_NOT),
    "meetings:body_new": (FACHSTELLE, FACHSTELLE_NOT),
    "meetings:body_new_kind": (FACHSTELLE, FACHSTELLE),
    "meetings:body": (FACHSTELLE, FACHSTELLE),
    "meetings:body_end": (FACHSTELLE_NOT, FACHSTELLE),
    "meetings:units": (FACHSTELLE, FACHSTELLE_NOT),
    "meetings:unit_new": (FACHSTELLE, FACHSTELLE),
    "meetings:unit_edit": (FACHSTELLE, FACHSTELLE),
    "meetings:unit_end": (FACHSTELLE, FACHSTELLE),
    "meetings:unit_pages": ("Lx...x..x.", "Lxmmmxmmxm"),
    "meetings:unit_page": ("Lx...x..x.", "Lxmmmxmmxm"),
    "meetings:relay_ways_from": (FACHSTELLE, FACHSTELLE),
    "meetings:standing": (FACHSTELLE, FACHSTELLE),
    "meetings:standing_item": (FACHSTELLE_NOT, FACHSTELLE),
    "meetings:unit_report": (LINK, LINK),
    "meetings:unit_report_thanks": (LINK, NO_METHOD),
    "meetings:unit_reports": (FACHSTELLE, FACHSTELLE_NOT),
    "meetings:unit_report_phone": (FACHSTELLE, FACHSTELLE),
    "meetings:plan": (FACHSTELLE, FACHSTELLE),
    "meetings:meeting": ("L-......x.", "Lmmmmmmmxm"),
    "meetings:confirm": (FACHSTELLE_NOT, FACHSTELLE_THEN),
    "meetings:move": (FACHSTELLE, FACHSTELLE),
    "meetings:edit": (FACHSTELLE, FACHSTELLE),
    "meetings:cancel": (FACHSTELLE, FACHSTELLE),
    "meetings:answers": (FACHSTELLE, FACHSTELLE),
    "meetings:answer_take_back": (NO_METHOD, FACHSTELLE_THEN),
    "meetings:meeting_link": (LINK, LINK),
    "meetings:propose": (LINK, LINK),
    "meetings:no_item": (LINK, LINK),
    "meetings:item_after_all": (NO_METHOD, LINK),
    "meetings:own_item": (LINK, LINK),
    "meetings:own_item_thanks": (LINK, NO_METHOD),
    "meetings:own_item_saved": (LINK, NO_METHOD),
    "meetings:withdraw": (LINK, LINK),
    "meetings:propose_again": (NO_METHOD, LINK),
    "meetings:propose_here": ("L-x..-.x-x", "L-x..-.x-x"),
    "meetings:agenda": (FACHSTELLE, FACHSTELLE_NOT),
    "meetings:agenda_pdf": ("L--------.", "Lmmmmmmmmm"),
    "meetings:agenda_order": (FACHSTELLE_NOT, FACHSTELLE_THEN),
    "meetings:agenda_merge": (FACHSTELLE, FACHSTELLE),
    "meetings:agenda_copy": (FACHSTELLE, FACHSTELLE),
    "meetings:agenda_word": ("L--------.", "Lmmmmmmmmm"),
    "meetings:agenda_release_page": (FACHSTELLE, FACHSTELLE),
    "meetings:agenda_release": (LINK, LINK),
    "meetings:agenda_release_pdf": (LINK, NO_METHOD),
    "meetings:agenda_told": ("L-......x.", "Lmmmmmmmxm"),
    "meetings:agenda_told_link": (LINK, NO_METHOD),
    "meetings:agenda_version": ("Lxxxxxxxx-", "Lxxxxxxxxm"),  # nothing was sent here
    "meetings:agenda_pdf_by_letter": (LINK, NO_METHOD),
    "meetings:run_sheet": (FACHSTELLE, FACHSTELLE_NOT),
    "meetings:run_sheet_link": (LINK, NO_METHOD),
    "meetings:folder": ("L--------.", "L--------/"),
    "meetings:folder_pdf": ("L---------", "Lmmmmmmmmm"),
    "meetings:folder_link": (LINK, LINK),
    "meetings:folder_link_pdf": (LINK, NO_METHOD),
    "meetings:agenda_add": (FACHSTELLE, FACHSTELLE),
    "meetings:agenda_accept": (FACHSTELLE_NOT, FACHSTELLE_THEN),
    "meetings:agenda_edit": (FACHSTELLE, FACHSTELLE),
    "meetings:agenda_put_off": (FACHSTELLE, FACHSTELLE),
    "meetings:agenda_confidential": (FACHSTELLE, FACHSTELLE),
    "meetings:relay_board": ("Lx...x..x.", "Lmmmmmmmmm"),
    "meetings:relay_new": (FACHSTELLE, FACHSTELLE),
    "meetings:relay_path": ("Lx...x..x.", "Lmmmmmmmmm"),
    "meetings:relay_pdf": ("Lx...x..x.", "Lxmmmxmmxm"),
    "meetings:relay_paper": ("Lx---x--x-", "Lxmmmxmmxm"),  # no paper was handed on here
    "meetings:relay_act": (FACHSTELLE, FACHSTELLE),
    "meetings:relay_take_back": (NO_METHOD, FACHSTELLE_THEN),
    "meetings:relay_ways": (FACHSTELLE, NO_METHOD),
    "meetings:relay_ways_change": (FACHSTELLE, FACHSTELLE),
    "meetings:notices": (FACHSTELLE, FACHSTELLE),
    "meetings:notice_decide": (FACHSTELLE, FACHSTELLE_THEN),
    "meetings:notice_link": (LINK, LINK),
    "meetings:notice_own": (LINK, LINK),
    "meetings:remarks": (FACHSTELLE, FACHSTELLE_NOT),
    "meetings:remark": (FACHSTELLE, FACHSTELLE),
    "meetings:remark_link": (LINK, LINK),
    "meetings:remark_own": (LINK, LINK),
    "meetings:topic_threads": ("Lx...x..x.", "Lmmmmmmmmm"),
    "meetings:topic_thread": ("Lx...x..x.", "Lmmmmmmmmm"),
    "meetings:overview": ("Lx...x..x.", "Lxmmmxmmxm"),
    "meetings:relay_link": (LINK, NO_METHOD),
    "meetings:relay_link_paper": (LINK, NO_METHOD),
    "meetings:relay_link_act": (LINK, LINK),
    "meetings:relay_link_take_back": (NO_METHOD, LINK),
    "meetings:live": (FACHSTELLE, FACHSTELLE_NOT),
    "meetings:beamer": ("L-----.-x.", "Lmmmmmmmxm"),
    "meetings:session_pulse": ("L-----.-x.", "Lmmmmmmmxm"),
    "meetings:session_take_over": (FACHSTELLE_NOT, FACHSTELLE_THEN),
    "meetings:session_claim": (FACHSTELLE_NOT, "Lxxxxxxxxg"),
    "meetings:session_leave": (FACHSTELLE_NOT, FACHSTELLE),
    "meetings:session_keep": (FACHSTELLE_NOT, "Lxxxxxxxxb"),
    "meetings:session_add": (FACHSTELLE, FACHSTELLE),
    "meetings:session_put_off": (FACHSTELLE, FACHSTELLE),
    "meetings:session_guest": (FACHSTELLE, FACHSTELLE),
    "meetings:session_word": (FACHSTELLE, FACHSTELLE_NOT),
    "meetings:session_begin": (FACHSTELLE_NOT, FACHSTELLE_THEN),
    "meetings:session_unbegin": (FACHSTELLE_NOT, FACHSTELLE_THEN),
    "meetings:session_end": (FACHSTELLE_NOT, FACHSTELLE_THEN),
    "meetings:session_reopen": (FACHSTELLE_NOT, FACHSTELLE_THEN),
    "meetings:session_result": (FACHSTELLE_NOT, FACHSTELLE),
    "meetings:session_decide": (FACHSTELLE_NOT, FACHSTELLE),
    "meetings:session_assign": (FACHSTELLE_NOT, FACHSTELLE),
    "meetings:session_unassign": (FACHSTELLE_NOT, FACHSTELLE),
    "meetings:session_undo": (FACHSTELLE_NOT, FACHSTELLE),
    "meetings:session_here": (FACHSTELLE_NOT, FACHSTELLE_THEN),
    "meetings:attendance": (FACHSTELLE, FACHSTELLE),
    "meetings:catch_up": (FACHSTELLE, FACHSTELLE),
    "meetings:minutes": ("L--..-..-.", "Lmmmmmmmmm"),
    "meetings:minutes_pdf": ("L--..-..-.", "Lmmmmmmmmm"),
    "meetings:minutes_word": ("L--..-..-.", "Lmmmmmmmmm"),
    "meetings:minutes_submit": (FACHSTELLE_NOT, FACHSTELLE_THEN),
    "meetings:minutes_recall": (FACHSTELLE_NOT, FACHSTELLE_THEN),
    "meetings:minutes_names": (FACHSTELLE_NOT, FACHSTELLE_THEN),
    "meetings:minutes_excerpt": (FACHSTELLE, FACHSTELLE_NOT),
    "meetings:attendance_sheet": (FACHSTELLE, FACHSTELLE_NOT),
    "meetings:minutes_circulate": (FACHSTELLE_NOT, FACHSTELLE_THEN),
    "meetings:minutes_contest": ("Lmmmmmmmmm", "L--..-.x-."),
    "meetings:minutes_resolve": (FACHSTELLE_NOT, FACHSTELLE),
    "meetings:minutes_amend": (FACHSTELLE_NOT, FACHSTELLE),
    "meetings:minutes_confirm": (FACHSTELLE_NOT, FACHSTELLE),
    "meetings:minutes_link": (LINK, NO_METHOD),
    "meetings:minutes_link_contest": (LINK, LINK),
    "meetings:minutes_link_pdf": (LINK, NO_METHOD),
    "meetings:minutes_release": (LINK, LINK),
    "meetings:minutes_release_pdf": (LINK, NO_METHOD),
    "meetings:task_link": (LINK, LINK),
    "meetings:task_thanks": (LINK, NO_METHOD),
    "meetings:by_post": (FACHSTELLE, NO_METHOD),
    "meetings:by_post_pdf": (FACHSTELLE, NO_METHOD),
    "meetings:letter_pdf": (FACHSTELLE, NO_METHOD),
    "meetings:tasks": ("L.......x.", "Lmmmmmmmxm"),
    "meetings:task": ("L--..-..x.", "Lmmmmmmmxm"),
    "meetings:task_report": ("Lmmmmmmmxm", "L--.x-xxx."),
    "meetings:task_drop": (FACHSTELLE_NOT, FACHSTELLE),
    "meetings:task_reopen": (FACHSTELLE_NOT, FACHSTELLE_THEN),
    "meetings:task_hand_over": (FACHSTELLE_NOT, FACHSTELLE),
    "meetings:decisions": ("Lx...x..x.", "Lmmmmmmmmm"),
    "meetings:decision_link": (LINK, LINK),
    "meetings:decision_link_thanks": (LINK, NO_METHOD),
    "meetings:decision_entrust": (FACHSTELLE_NOT, FACHSTELLE),
    "meetings:decision_rests_on": (FACHSTELLE, FACHSTELLE),
    "meetings:decisions_csv": ("Lx...x..x.", "Lmmmmmmmmm"),
    "meetings:decision": ("L-...-..-.", "Lmmmmmmmmm"),
    "meetings:decision_follow_up": (FACHSTELLE_NOT, FACHSTELLE),
    "meetings:decision_revoke": (FACHSTELLE_NOT, FACHSTELLE),
    "meetings:decision_reinstate": (FACHSTELLE_NOT, FACHSTELLE_THEN),
    "meetings:decision_supersede": (FACHSTELLE_NOT, FACHSTELLE),
    "meetings:search": ("L.......x.", "Lmmmmmmmxm"),
    "meetings:paper": ("L--..-..x.", "Lmmmmmmmxm"),
    "meetings:paper_describe": (FACHSTELLE, FACHSTELLE),
    "meetings:paper_take_back": (FACHSTELLE_NOT, FACHSTELLE_THEN),
    "meetings:paper_retire": (FACHSTELLE_NOT, FACHSTELLE_THEN),
    "meetings:paper_picture_png": ("L-------x-", "Lmmmmmmmxm"),
    "meetings:papers": ("L.......x.", "Lmmmmmmmxm"),
    "meetings:paper_new": (FACHSTELLE, FACHSTELLE),
    "meetings:paper_version": (FACHSTELLE, FACHSTELLE),
    "meetings:paper_file": ("L--..-..x.", "Lmmmmmmmxm"),
    "meetings:paper_hand_in": (FACHSTELLE, FACHSTELLE),
    "meetings:item_papers": (FACHSTELLE, FACHSTELLE_NOT),
    "meetings:item_paper_attach": (FACHSTELLE_NOT, FACHSTELLE_THEN),
    "meetings:item_paper_take_off": (FACHSTELLE_NOT, FACHSTELLE_THEN),
    "meetings:item_paper_put_back": (FACHSTELLE_NOT, FACHSTELLE_THEN),
    "meetings:paper_newest_by_letter": (LINK, NO_METHOD),
    "meetings:paper_by_letter": (LINK, NO_METHOD),
    "buendnisse:process": ("Lx...x..x.", "Lmmmmmmmmm"),
    "buendnisse:process_new": (FACHSTELLE, FACHSTELLE),
    "buendnisse:process_change": (FACHSTELLE, FACHSTELLE),
    "buendnisse:process_act": (FACHSTELLE_NOT, FACHSTELLE_THEN),
    "buendnisse:contacts": ("Lx...x..x.", "Lxmmmxmmxm"),
    "buendnisse:imprint": (EVERYBODY, EVERYBODY),
    "buendnisse:privacy": (EVERYBODY, EVERYBODY),
    "buendnisse:accessibility": (EVERYBODY, EVERYBODY),
    "buendnisse:report_barrier": (EVERYBODY, EVERYBODY),
    "buendnisse:help": (EVERYBODY, EVERYBODY),
    "buendnisse:administration": (FACHSTELLE, FACHSTELLE),
    "buendnisse:operator": (FACHSTELLE, FACHSTELLE),
    "buendnisse:settle_report": ("Lmmmmmmmmm", FACHSTELLE_THEN),
    "buendnisse:people": (FACHSTELLE, NO_METHOD),
    "buendnisse:person_edit": (FACHSTELLE, FACHSTELLE),
    "buendnisse:organisations": (FACHSTELLE, FACHSTELLE_NOT),
    "buendnisse:organisation_new": (FACHSTELLE, FACHSTELLE),
    "buendnisse:organisation": (FACHSTELLE, FACHSTELLE),
    "buendnisse:organisation_end": (FACHSTELLE_NOT, FACHSTELLE),
    "buendnisse:venues": (FACHSTELLE, FACHSTELLE_NOT),
    "buendnisse:venue_new": (FACHSTELLE, FACHSTELLE),
    "buendnisse:venue": (FACHSTELLE, FACHSTELLE),
    "buendnisse:venue_end": (FACHSTELLE_NOT, FACHSTELLE),
    "buendnisse:topics": (FACHSTELLE, FACHSTELLE_NOT),
    "buendnisse:topic_new": (FACHSTELLE, FACHSTELLE),
    "buendnisse:topic": (FACHSTELLE, FACHSTELLE),
    "buendnisse:topic_end": (FACHSTELLE_NOT, FACHSTELLE),
    "buendnisse:topic_merge": (FACHSTELLE, FACHSTELLE),
    "buendnisse:contact_register": (FACHSTELLE, FACHSTELLE_NOT),
    "buendnisse:contact_new": (FACHSTELLE, FACHSTELLE),
    "buendnisse:contact": (FACHSTELLE, FACHSTELLE),
    "buendnisse:contact_end": (FACHSTELLE_NOT, FACHSTELLE),
    "buendnisse:api_tokens": (FACHSTELLE, FACHSTELLE),
    "buendnisse:api_token_revoke": ("Lmmmmmmmmm", FACHSTELLE_THEN),
    "buendnisse:renew_link": (NO_METHOD, EVERYBODY),
    "buendnisse:not_for_me": (LINK, LINK),
}

_LETTERS = {200: ".", 302: "/", 400: "b", 403: "x", 404: "-", 405: "m", 410: "g"}


@pytest.fixture(scope="module")
def stage(django_db_setup: Any, django_db_blocker: Any) -> Iterator[tuple[Scenery, dict[str, Client]]]:
    """The scenery and one browser a role, once for the whole table; each address gives back what it changed."""
    with django_db_blocker.unblock(), clock.frozen(AT), transaction.atomic():
        scenery = build()
        browsers = {role: Client() for role in ROLES}
        for role, person in scenery.people.items():
            browsers[role].force_login(person, backend="notifications.adapters.SignInBackend")
        yield scenery, browsers
        transaction.set_rollback(True)


def test_every_address_has_a_row() -> None:
    assert sorted(TABLE) == sorted(addresses())


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(TABLE))
def test_address_answers_each_role(stage: tuple[Scenery, dict[str, Client]], name: str) -> None:
    scenery, browsers = stage
    path = scenery.path(name, addresses()[name])

    found = tuple(
        "".join(_letter(browsers[role], method, path) for role in _asked(expected))
        for method, expected in zip(("get", "post"), TABLE[name], strict=True)
    )

    assert found == tuple("".join(expected[ROLES.index(role)] for role in _asked(expected)) for expected in TABLE[name])


def _asked(expected: str) -> tuple[str, ...]:
    """Where all roles get the same, the first and the last one speak for them."""
    return (ROLES[0], ROLES[-1]) if len(set(expected)) == 1 else ROLES


def _letter(browser: Client, method: str, path: str) -> str:
    visit = Client()
    visit.cookies = copy(browser.cookies)  # what one visit does to its cookies is nobody else's business
    with clock.frozen(AT), transaction.atomic():
        response = visit.get(path) if method == "get" else visit.post(path)
        if response.streaming:
            for close in response._resource_closers:
                close()  # nobody reads it; closing the response would end the test's transaction
        transaction.set_rollback(True)
    asked_to_sign_in = response.status_code == 302 and response.headers["Location"].startswith("/anmelden/")
    return "L" if asked_to_sign_in else _LETTERS[response.status_code]
