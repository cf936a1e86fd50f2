"""The demo: an invented district, loaded with its whole history, on a clock of its own."""
