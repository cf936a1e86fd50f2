"""Envelope senders that tell which message a report is about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.bounces import verp

PATTERN = "buendnisse+bounce-{token}@fachstelle.example"
numbers = st.integers(1, 2**40)


@given(numbers)
def test_sender_leads_back_to_its_message_and_fits_an_envelope(number: int) -> None:
    address = verp.sender(PATTERN, number, key="geheim")
    assert len(address.partition("@")[0]) <= 64  # RFC 5321 section 4.5.3.1.1
    assert verp.number(PATTERN, ["anna@verein.example", address.upper()], key="geheim") == number


@given(numbers, numbers)
def test_nobody_reports_the_message_of_somebody_else(mine: int, other: int) -> None:
    mac = verp.sender(PATTERN, mine, key="geheim").partition("@")[0].rpartition("-")[2]
    forged = PATTERN.replace("{token}", f"{other:x}-{mac}")
    assert verp.number(PATTERN, [forged], key="geheim") == (mine if mine == other else None)


def test_another_key_opens_nothing() -> None:
    assert verp.number(PATTERN, [verp.sender(PATTERN, 7, key="alt")], key="neu") is None


@pytest.mark.parametrize("address", ["buendnisse@fachstelle.example", "", "buendnisse+bounce-7-zz@fachstelle.example"])
def test_other_addresses_lead_nowhere(address: str) -> None:
    assert verp.number(PATTERN, [address], key="geheim") is None


def test_pattern_without_a_place_is_one_address_for_all() -> None:
    assert verp.sender("bounce@fachstelle.example", 7, key="geheim") == "bounce@fachstelle.example"
    assert verp.number("bounce@fachstelle.example", ["bounce@fachstelle.example"], key="geheim") is None
