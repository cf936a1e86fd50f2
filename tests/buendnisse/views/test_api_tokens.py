import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from buendnisse.domain import api_tokens
from buendnisse.models import ApiToken, Change
from tests.support.clients import signed_in
from tests.world import AT, World, build

pytestmark = pytest.mark.django_db

ADDRESS = "/verwaltung/schluessel/"


def said(client: Client, world: World, **more: object) -> dict[str, object]:
    """What the form sends, with the key it was shown with."""
    form_key = client.get(ADDRESS).context["form"]["form_key"].value()
    return {"name": "Kreisportal", "person": world.susanne.pk, "form_key": form_key} | more


@pytest.fixture
def world() -> World:
    return build()


def test_key_is_issued_and_shown_once(world: World) -> None:
    client = signed_in(world.imke)

    page = client.post(ADDRESS, said(client, world))

    key = page.context["issued"]
    assert api_tokens.person_of(key, at=AT) == world.susanne
    assert key in page.content.decode()
    assert key not in client.get(ADDRESS).content.decode()
    assert Change.objects.get().verb == "api_token.issued"


def test_key_without_a_name_is_refused_beside_its_field(world: World) -> None:
    client = signed_in(world.imke)

    page = client.post(ADDRESS, said(client, world, name=""))

    assert page.context["form"].errors.keys() == {"name"}
    assert not ApiToken.objects.exists()


def test_double_tap_is_one_key_and_shows_it_again(world: World) -> None:
    client = signed_in(world.imke)
    tapped = said(client, world)

    keys = {client.post(ADDRESS, tapped).context["issued"] for _tap in range(2)}

    assert (len(keys), ApiToken.objects.count(), Change.objects.count()) == (1, 1, 1)


def test_other_forms_and_other_words_make_other_keys(world: World) -> None:
    client = signed_in(world.imke)
    first, second = said(client, world), said(client, world)

    sent = [first, second, first | {"name": "Anzeige"}, first | {"person": world.birgit.pk}]
    keys = {client.post(ADDRESS, one).context["issued"] for one in sent}

    assert (len(keys), ApiToken.objects.count()) == (4, 4)


def test_form_sent_again_after_its_key_was_ended_is_refused(world: World) -> None:
    client = signed_in(world.imke)
    tapped = said(client, world)
    client.post(ADDRESS, tapped)
    client.post(f"{ADDRESS}{ApiToken.objects.get().pk}/beenden/")

    page = client.post(ADDRESS, tapped)

    assert (page.context["issued"], list(page.context["form"].errors)) == ("", ["__all__"])


def test_key_is_ended(world: World) -> None:
    key = api_tokens.issue(world.susanne, name="Kreisportal", by=world.imke, at=AT)

    signed_in(world.imke).post(f"{ADDRESS}{ApiToken.objects.get().pk}/beenden/")

    assert api_tokens.person_of(key, at=AT) is None


def test_looking_at_the_address_that_ends_a_key_ends_nothing(world: World) -> None:
    key = api_tokens.issue(world.susanne, name="Kreisportal", by=world.imke, at=AT)

    assert signed_in(world.imke).get(f"{ADDRESS}{ApiToken.objects.get().pk}/beenden/").status_code == 405
    assert api_tokens.person_of(key, at=AT) == world.susanne


@pytest.mark.parametrize("name", ["birgit", "theda", "lueder"])
def test_page_is_for_the_fachstelle(world: World, name: str) -> None:
    assert signed_in(getattr(world, name)).get(ADDRESS).status_code == 403


@pytest.mark.parametrize("item_count", [1, 3])
def test_list_takes_the_same_queries(
    world: World, item_count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(item_count):
        api_tokens.issue(world.susanne, name=f"Programm {number}", by=world.imke, at=AT)
    client = signed_in(world.imke)
    client.get(ADDRESS)

    with django_assert_num_queries(5):  # session, person, keys, people to choose from, installation
        client.get(ADDRESS)
