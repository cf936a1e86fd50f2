import pytest

from buendnisse.models import Venue


@pytest.mark.parametrize(
    ("note", "label", "sentence"),
    [
        (
            "Stadtbus bis 21:10 Uhr ab Kreishaus",
            "Letzter Bus",
            "Letzter Bus: Stadtbus bis 21:10 Uhr ab Kreishaus.",
        ),
        (
            "Letzter Linienbus nach Venndorf 17:05 Uhr; danach Rufbus",
            "Letzter Bus",
            "Letzter Linienbus nach Venndorf 17:05 Uhr; danach Rufbus.",
        ),
        (
            "Stadtbus bis 21:10 Uhr; letzter Bus nach Haseaue 19:25 Uhr.",
            "Bus",
            "Bus: Stadtbus bis 21:10 Uhr; letzter Bus nach Haseaue 19:25 Uhr.",
        ),
        ("Haltestelle Bahnhof, 3 Minuten zu Fuß", "Bus", "Bus: Haltestelle Bahnhof, 3 Minuten zu Fuß."),
    ],
)
def test_last_bus_is_named_once(note: str, label: str, sentence: str) -> None:
    venue = Venue(bus_note=note)

    assert (venue.bus_label, venue.bus_sentence) == (label, sentence)
