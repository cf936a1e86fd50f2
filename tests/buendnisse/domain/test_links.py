import datetime as dt

import pytest
from django.test import override_settings

from buendnisse.domain import link_requests, links
from buendnisse.enums import LinkPurpose
from buendnisse.models import AccessLink, Change
from tests.factories.buendnisse import PersonFactory
from tests.world import AT

pytestmark = pytest.mark.django_db

MONTH = dt.timedelta(days=30)


def grant(**kwargs: object) -> AccessLink:
    return links.grant(PersonFactory(), purpose=LinkPurpose.TASK, until=AT + MONTH, at=AT, **kwargs)


def test_token_opens_its_own_purpose() -> None:
    link = grant()

    assert links.open_token(links.token(link), purpose=LinkPurpose.TASK, at=AT) == link


def test_token_opens_no_other_purpose() -> None:
    link = grant()

    with pytest.raises(links.LinkInvalid):
        links.open_token(links.token(link), purpose=LinkPurpose.ANSWER, at=AT)


@pytest.mark.parametrize("text", ["", "-", "aa", "aa-", "aa-xyz", "ÄÖ-ü", "a" * 500, "\x00-\x00"])
def test_nonsense_opens_nothing(text: str) -> None:
    grant()

    with pytest.raises(links.LinkInvalid):
        links.open_token(text, purpose=LinkPurpose.TASK, at=AT)


def test_token_of_another_key_opens_nothing() -> None:
    link = grant()
    with override_settings(LINK_KEY="another"):
        foreign = links.token(link)

    with pytest.raises(links.LinkInvalid):
        links.open_token(foreign, purpose=LinkPurpose.TASK, at=AT)


def test_same_link_is_made_again_with_the_same_token() -> None:
    person = PersonFactory()
    first = links.grant(person, purpose=LinkPurpose.SETTINGS, until=AT + MONTH, at=AT)
    second = links.grant(person, purpose=LinkPurpose.SETTINGS, until=AT + 2 * MONTH, at=AT)

    assert links.token(first) == links.token(second)
    assert second.expires_at == AT + 2 * MONTH


def test_granting_again_never_shortens() -> None:
    person = PersonFactory()
    links.grant(person, purpose=LinkPurpose.SETTINGS, until=AT + 2 * MONTH, at=AT)

    assert links.grant(person, purpose=LinkPurpose.SETTINGS, until=AT, at=AT).expires_at == AT + 2 * MONTH


def test_expired_link_tells_whose_it_was() -> None:
    link = grant()

    with pytest.raises(links.LinkExpired) as expired:
        links.open_token(links.token(link), purpose=LinkPurpose.TASK, at=AT + MONTH)

    assert expired.value.link == link


def test_revoked_link_opens_nothing_and_a_later_grant_has_another_token() -> None:
    link = grant()
    old = links.token(link)
    links.revoke(link, at=AT)

    with pytest.raises(links.LinkInvalid):
        links.open_token(old, purpose=LinkPurpose.TASK, at=AT)
    again = links.grant(link.person, purpose=LinkPurpose.TASK, until=AT + MONTH, at=AT)
    assert links.token(again) != old
    assert links.open_token(links.token(again), purpose=LinkPurpose.TASK, at=AT) == link


def test_link_that_works_once_is_used_up_once() -> None:
    link = grant()

    assert [links.use_up(link, at=AT), links.use_up(link, at=AT)] == [True, False]
    with pytest.raises(links.LinkExpired):
        links.open_token(links.token(link), purpose=LinkPurpose.TASK, at=AT)


def test_new_link_is_asked_for_once_by_two_taps() -> None:
    link = grant()

    link_requests.request(link, at=AT)
    link_requests.request(link, at=AT + dt.timedelta(seconds=2))

    assert Change.objects.filter(verb="link.requested").count() == 1


def test_signed_value_of_an_older_generation_asks_for_nothing() -> None:
    link = grant()
    signed = link_requests.sign(link)
    links.revoke(link, at=AT)

    assert link_requests.unsign(signed) is None


def test_revoking_all_ends_every_link_of_the_person_only() -> None:
    mine, other = grant(), grant()

    link_requests.revoke_all(mine.person, at=AT)

    with pytest.raises(links.LinkInvalid):
        links.open_token(links.token(mine), purpose=LinkPurpose.TASK, at=AT)
    assert links.open_token(links.token(other), purpose=LinkPurpose.TASK, at=AT) == other
