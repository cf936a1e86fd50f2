"""What a report says, in the forms mail servers write it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import bounces
from notifications.bounces import Kind, Report
from tests.notifications.bounces import reports
from tests.notifications.bounces.reports import OURS, RETURN


def kind(raw: bytes) -> str:
    report = bounces.read(raw)
    return report.kind if report else "none"


def test_a_delivery_status_is_read_whole() -> None:
    assert bounces.read(reports.dsn()) == Report(
        kind=Kind.HARD,
        status="5.1.1",
        diagnostic="550 5.1.1 User unknown",
        recipient="anna@verein.example",
        message_id=OURS,
        returned_to=(RETURN,),
    )


def test_the_address_we_wrote_to_counts_and_not_where_it_was_forwarded() -> None:
    report = bounces.read(reports.dsn(recipient="alt@anderswo.example", original="Anna@Verein.example"))
    assert report is not None
    assert report.recipient == "anna@verein.example"


@pytest.mark.parametrize(
    ("status", "diagnostic", "expected"),
    [
        ("5.1.1", "smtp; 550 5.1.1 User unknown", "hard"),
        ("5.1.10", "smtp; 550 5.1.10 RESOLVER.ADR.RecipientNotFound", "hard"),
        ("5.4.1", "smtp; 550 5.4.1 Recipient address rejected: Access denied", "hard"),
        ("5.1.2", "X-Postfix; Host or domain name not found", "hard"),
        ("5.2.1", "smtp; 550 5.2.1 mailbox disabled", "hard"),
        ("5.0.0", "smtp; 550 no such user here", "hard"),
        ("5.0.0", "smtp; 550 5.1.1 unknown", "hard"),
        ("5.5.0", "smtp; 550 Requested action not taken: mailbox unavailable", "hard"),
        ("5.2.2", "smtp; 552 5.2.2 Mailbox full", "soft"),
        ("5.0.0", "smtp; 552 quota exceeded", "soft"),
        ("4.4.7", "smtp; 451 4.4.7 Message expired", "soft"),
        ("4.2.2", "smtp; 452 4.2.2 over quota", "soft"),
        ("5.4.7", "smtp; delivery time expired", "soft"),
        ("5.0.0", "smtp; 554 transaction failed", "soft"),
        ("5.7.1", "smtp; 550 5.7.1 Message rejected as spam", "policy"),
        ("5.7.26", "smtp; 550 5.7.26 unauthenticated mail", "policy"),
        ("5.1.8", "smtp; 501 5.1.8 Sender address rejected", "policy"),
        ("5.0.0", "smtp; 554 Client host blocked using a DNSBL", "policy"),
        ("5.6.0", "smtp; 554 5.6.0 content rejected", "policy"),
    ],
)
def test_hard_soft_and_policy_are_told_apart(status: str, diagnostic: str, expected: str) -> None:
    assert kind(reports.dsn(status=status, diagnostic=diagnostic)) == expected


def test_courtesies_around_the_diagnosis_decide_nothing_where_it_tells() -> None:
    words = "If you think this was blocked as spam, ask your policy team."
    assert kind(reports.dsn(status="5.0.0", diagnostic="smtp; 550 no such user", words=words)) == "hard"


def test_a_delay_is_no_failure() -> None:
    assert kind(reports.dsn(action="delayed", status="4.4.1", diagnostic="")) == "delayed"


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_good_news_is_no_report(action: str) -> None:
    assert bounces.read(reports.dsn(action=action, status="2.0.0", diagnostic="", words="Zugestellt.")) is None


def test_a_missing_action_is_read_from_the_code() -> None:
    assert kind(reports.dsn(action="")) == "hard"


def test_complaint_names_the_message_where_the_recipient_was_taken_out() -> None:
    report = bounces.read(reports.complaint())
    assert report is not None
    assert (report.kind, report.message_id, report.recipient) == ("complaint", OURS, "")


def test_what_was_no_spam_after_all_is_no_report_and_dmarc_is_a_matter_of_servers() -> None:
    assert bounces.read(reports.complaint(of="not-spam")) is None
    assert kind(reports.complaint(of="auth-failure")) == "unchecked"


def test_gmail_writes_for_people() -> None:
    report = bounces.read(
        reports.for_people(
            """\
            Delivery to the following recipient failed permanently:

                 anna@verein.example

            Technical details of permanent failure:
            The error that the other server returned was: 550 550 5.1.1 User unknown (state 14).

            """
        )
    )
    assert report is not None
    assert (report.kind, report.status, report.recipient) == ("hard", "5.1.1", "anna@verein.example")
    assert (report.message_id, report.returned_to) == (OURS, (RETURN,))


def test_our_own_words_quoted_below_decide_nothing() -> None:
    """The quoted subject says "spam policy"."""
    words = "Your message could not\nbe delivered.\n\nanna@verein.example: it did not work\n\n"
    assert kind(reports.for_people(words)) == "soft"


def test_somebody_who_quotes_a_report_is_no_report() -> None:
    words = "Guten Tag, ich bekam das:\n\nanna@verein.example\n550 5.1.1 User unknown, could not be delivered\n\n"
    assert bounces.read(reports.for_people(words, sender="Hedwig Burlage <h.burlage@web.example>")) is None


def test_absence_note_is_no_report() -> None:
    head = "From: anna@verein.example\nAuto-Submitted: auto-replied\nSubject: Abwesend\nContent-Type: text/plain\n\n"
    assert bounces.read(reports.wire(head + "Ich bin bis 5.1.27 im Urlaub. Mails werden nicht gelesen.\n")) is None


NOTES = [
    "Ich bin im Urlaub. Ihre Nachricht wird nicht zugestellt oder weitergeleitet.",
    "I am on leave. Your message did not reach me personally.",
    "Ich bin nicht mehr bei KMT. Mails an diese Adresse werden nicht zugestellt. Nachfolgerin: ott@kmt.example, 5.1.27",
]
MARKS = [
    "Auto-Submitted: auto-replied",
    "Auto-Submitted: auto-replied (vacation)\nReturn-Path: <>",
]


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("note", NOTES)
def test_absence_note_is_no_report_whatever_its_words(note: str, mark: str) -> None:
    head = f"From: anna@verein.example\nTo: {RETURN}\nIn-Reply-To: {OURS}\n{mark}\nContent-Type: text/plain\n\n"
    assert bounces.read(reports.wire(head + note)) is None


@pytest.mark.parametrize("mark", ["Auto-Submitted: auto-generated", "Return-Path: <>"])
def test_of_a_program_that_is_no_server_more_is_asked_than_words(mark: str) -> None:
    head = f"From: system@verein.example\nTo: {RETURN}\n{mark}\nContent-Type: text/plain\n\n"
    assert bounces.read(reports.wire(f"{head}Ihre Nachricht wird nicht zugestellt.")) is None
    report = bounces.read(reports.wire(f"{head}Ihre Nachricht wird nicht zugestellt: 550 5.1.1"))
    assert report is not None
    assert (report.kind, report.said_by) == ("hard", "system@verein.example")


REAL = [
    "anna@verein.example\n550 5.1.1 User unknown",
    "Ihre Nachricht wird nicht zugestellt.\nanna@verein.example: 550-5.1.1 Unbekannt",
]


@pytest.mark.parametrize("words", REAL)
def test_report_of_a_program_that_calls_itself_an_answer_is_told_by_what_smtp_said(words: str) -> None:
    words = f"Your message could not be delivered.\n{words}"
    head = f"From: system@verein.example\nTo: {RETURN}\nAuto-Submitted: auto-replied\n"
    plain = "Content-Type: text/plain\n\n"
    report = bounces.read(reports.wire(f"{head}Return-Path: <>\n{plain}{words}"))
    assert report is not None
    assert (report.kind, report.status, report.recipient) == ("hard", "5.1.1", "anna@verein.example")
    assert bounces.read(reports.wire(f"{head}Return-Path: <anna@verein.example>\n{plain}{words}")) is None


def test_receipt_that_a_mail_was_not_read_is_no_report() -> None:
    head = "From: anna@verein.example\nContent-Type: multipart/report; report-type=disposition-notification; boundary=x\n\n"
    assert bounces.read(reports.wire(f"{head}--x\n\nIhre Nachricht wurde nicht zugestellt: 5.1.1\n--x--")) is None


def test_thread_of_a_report_is_not_the_mail_it_is_about() -> None:
    head = f"From: MAILER-DAEMON@mx.example\nIn-Reply-To: {OURS}\nContent-Type: text/plain\n\n"
    report = bounces.read(reports.wire(f"{head}could not be delivered"))
    assert report is not None
    assert (report.message_id, report.thread_id, report.said_by) == ("", OURS, "mailer-daemon@mx.example")


def test_nothing_of_a_report_is_unfit_to_be_stored() -> None:
    report = bounces.read(reports.for_people("could not be delivered \x00 to an\x00na@verein.example\n"))
    assert report is not None
    assert (report.diagnostic, report.recipient) == (
        "could not be delivered to anna@verein.example",
        "anna@verein.example",
    )
    assert bounces.read(b"From: MAILER-DAEMON@mx.example\nTo: " + b"(" * 3000 + b"\n\nundeliverable") is not None


@given(st.binary(max_size=3000))
def test_no_bytes_raise(raw: bytes) -> None:
    bounces.read(raw)


@given(st.data())
def test_no_damaged_report_raises(data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from([reports.dsn(), reports.complaint(), reports.for_people("x")])))
    for _number in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=8))
    bounces.read(bytes(raw))
