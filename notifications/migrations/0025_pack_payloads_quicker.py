"""PostgreSQL packs what is large. LZ4 costs a third of its own way; the bytes of a mail are packed twice as quick."""

from typing import Any

from django.db import migrations


def pack(_apps: Any, schema_editor: Any) -> None:
    """Where this server has it. What is stored already stays as it is, and is read all the same."""
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY(enumvals)")
        if cursor.fetchone():
            cursor.execute("ALTER TABLE notifications_outboxmessage ALTER COLUMN payload SET COMPRESSION lz4")


class Migration(migrations.Migration):
    dependencies = [("notifications", "0024_the_house_until_now")]

    operations = [migrations.RunPython(pack, migrations.RunPython.noop)]
