"""A form drawn by our templates: label, hint and error beside the field, the errors summed up on top."""

from __future__ import annotations

from django import forms
from django.template.loader import render_to_string


class Proposal(forms.Form):
    title = forms.CharField(label="Ihr Thema", help_text="So steht es später da.")
    note = forms.CharField(label="Notiz", required=False, widget=forms.Textarea)
    kind = forms.ChoiceField(
        label="Was wünschen Sie sich?",
        choices=[("talk", "Darüber sprechen"), ("decide", "Etwas verabreden")],
        widget=forms.RadioSelect,
    )
    agreed = forms.BooleanField(label="Ich habe das gelesen")
    token = forms.CharField(widget=forms.HiddenInput)


def lines(html: str) -> list[str]:
    """One line an element that matters, whatever the templates' own line breaks."""
    joined = "".join(line.strip() for line in html.splitlines())
    for start in ("<p class", '<div class="error', "<input", "<textarea", "<label", "<li>", "<ul>", "</ul>"):
        joined = joined.replace(start, f"\n{start}")
    return [line for line in joined.splitlines() if line]


def test_field_has_label_hint_and_input_class() -> None:
    form = Proposal()

    assert lines(form["title"].as_field_group()) == [
        '<div class="field">',
        '<label for="id_title">Ihr Thema</label>',
        '<p class="hint" id="id_title_helptext">So steht es später da.</p>',
        '<input type="text" name="title" required aria-describedby="id_title_helptext" class="input" id="id_title"></div>',
    ]


def test_optional_field_says_so() -> None:
    form = Proposal()

    assert lines(form["note"].as_field_group()) == [
        '<div class="field">',
        '<label for="id_note">Notiz <span class="optional">(freiwillig)</span></label>',
        '<textarea name="note" cols="40" rows="10" class="input" id="id_note"></textarea></div>',
    ]


def test_error_stands_between_label_and_field() -> None:
    form = Proposal({"title": ""})

    assert lines(form["title"].as_field_group()) == [
        '<div class="field field--error">',
        '<label for="id_title">Ihr Thema</label>',
        '<p class="hint" id="id_title_helptext">So steht es später da.</p>',
        '<div class="error" id="id_title_error"><p>Bitte füllen Sie dieses Feld aus.</p></div>',
        (
            '<input type="text" name="title" required aria-invalid="true" '
            'aria-describedby="id_title_helptext id_title_error" class="input" id="id_title"></div>'
        ),
    ]


def test_radios_are_a_fieldset_of_choices() -> None:
    form = Proposal()

    assert lines(form["kind"].as_field_group()) == [
        '<fieldset class="field group"><legend>Was wünschen Sie sich?</legend>',
        '<label class="choice" for="id_kind_0">',
        '<input type="radio" name="kind" value="talk" required id="id_kind_0"><span>Darüber sprechen</span></label>',
        '<label class="choice" for="id_kind_1">',
        (
            '<input type="radio" name="kind" value="decide" required id="id_kind_1">'
            "<span>Etwas verabreden</span></label></fieldset>"
        ),
    ]


def test_single_box_stands_before_its_label() -> None:
    form = Proposal()

    assert lines(form["agreed"].as_field_group()) == [
        '<div class="field">',
        '<label class="choice">',
        '<input type="checkbox" name="agreed" required id="id_agreed"><span>Ich habe das gelesen</span></label></div>',
    ]


def test_whole_form_begins_with_a_summary_that_links_to_the_fields() -> None:
    form = Proposal({"title": "", "agreed": "on", "token": "t"})

    assert lines(str(form))[:5] == [
        '<div class="errors" role="alert" tabindex="-1"><h2>2 Angaben fehlen oder stimmen noch nicht</h2>',
        "<ul>",
        '<li><a class="act" href="#id_title">Ihr Thema: Bitte füllen Sie dieses Feld aus.</a></li>',
        '<li><a class="act" href="#id_kind_0">Was wünschen Sie sich? Bitte wählen Sie etwas aus.</a></li>',
        "</ul><p>Was Sie schon geschrieben haben, ist noch da.</p></div>",
    ]


def test_whole_form_keeps_what_was_typed() -> None:
    form = Proposal({"title": "", "note": "Wir fahren oft selbst.", "kind": "decide"})

    html = str(form)

    assert html.count("Wir fahren oft selbst.</textarea>") == 1
    assert html.count('value="decide" required id="id_kind_1" checked') == 1


def test_whole_form_without_errors_has_no_summary() -> None:
    assert lines(str(Proposal()))[0] == '<input type="hidden" name="token" id="id_token"><div class="field">'


def test_a_sentence_of_the_form_itself_is_kept() -> None:
    class Asked(forms.Form):
        day = forms.DateField(label="Tag", error_messages={"required": "Bitte nennen Sie den Tag der Sitzung."})

    assert Asked({}).errors == {"day": ["Bitte nennen Sie den Tag der Sitzung."]}


def test_summary_component_is_empty_for_a_fresh_form() -> None:
    html = render_to_string("components/error_summary.html", {"form": Proposal()})

    assert html.strip() == ""


def test_select_marks_what_is_chosen_and_keeps_groups() -> None:
    class Choice(forms.Form):
        body = forms.ChoiceField(choices=[("", "alle"), ("Bündnisse", [("a", "Arbeit & Beruf"), ("b", "Bildung")])])

    html = str(Choice({"body": "b"})["body"])

    assert "".join(line.strip() for line in html.splitlines()) == (
        '<select name="body" required class="input" id="id_body">'
        '<option value="">alle</option>'
        '<optgroup label="Bündnisse"><option value="a">Arbeit &amp; Beruf</option>'
        '<option value="b" selected>Bildung</option></optgroup></select>'
    )
