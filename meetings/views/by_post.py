"""Per Post oder Telefon: whom no mail reaches, and letters to print."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from buendnisse import clock
from buendnisse.models import Person
from buendnisse.permissions import may_keep_people
from buendnisse.views.gate import only
from buendnisse.views.of_person import of_person
from meetings.adapters import person_letter
from meetings.domain import by_post
from meetings.views.minutes import as_pdf


@require_safe
@only(may_keep_people)
def overview(request: HttpRequest) -> HttpResponse:
    """Everybody, with telephone, address, coming meetings and tasks."""
    return render(request, "meetings/by_post.html", {"people": by_post.unreached(at=clock.now())})


@require_safe
@only(may_keep_people)
def letters_pdf(request: HttpRequest) -> HttpResponse:
    """All letters in one file, for those who have no working address at all."""
    at = clock.now()
    people = by_post.unreached(at=at)
    if not people:
        raise Http404
    return as_pdf(person_letter.together(people, at=at), person_letter.file_name(people, at=at))


@require_safe
@only(may_keep_people)
@of_person
def letter_pdf(request: HttpRequest, person: Person) -> HttpResponse:
    """The letter of one person, also where mail reaches them."""
    at = clock.now()
    found = by_post.one(person.pk, at=at)
    if found is None:
        raise Http404
    return as_pdf(person_letter.pdf(found, at=at), person_letter.file_name([found], at=at))
