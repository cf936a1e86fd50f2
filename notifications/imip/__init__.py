"""Calendar mail by the book: pure RFC 5545, 5546 and 6047, without Django and without a database.

Values go in (`event.Event`, `envelope.Mail`), bytes come out (`compose`, `envelope.to_bytes`).
"""
