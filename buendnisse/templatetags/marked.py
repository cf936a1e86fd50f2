"""Marked-up text on pages: `{{ item.result|marked }}`."""

from __future__ import annotations

from django import template

from buendnisse import marked

register = template.Library()
register.filter("marked", marked.html)
