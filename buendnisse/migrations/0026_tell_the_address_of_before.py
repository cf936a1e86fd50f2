from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("buendnisse", "0025_keep_people_and_their_addresses"),
    ]

    operations = [
        migrations.AddField(
            model_name="addresswish",
            name="replaced",
            field=models.EmailField(blank=True, default="", max_length=254),
            preserve_default=False,
        ),
    ]
