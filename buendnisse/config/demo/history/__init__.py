"""What happened, told from the dates of the things themselves."""
