"""A cache whose loss loses nothing: it only counts how often somebody asks for a code."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

_T = TypeVar("_T")


class ForgivingCache(RedisCache):
    """Redis while it answers. Without it, counting pauses and signing in goes on: each code still allows few guesses."""

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return _or(default, lambda: super(ForgivingCache, self).get(key, default, version))

    def add(self, key: Any, value: Any, timeout: Any = 300, version: int | None = None) -> bool:
        return _or(True, lambda: super(ForgivingCache, self).add(key, value, timeout, version))

    def set(self, key: Any, value: Any, timeout: Any = 300, version: int | None = None) -> None:
        _or(None, lambda: super(ForgivingCache, self).set(key, value, timeout, version))

    def delete(self, key: Any, version: int | None = None) -> bool:
        return _or(False, lambda: super(ForgivingCache, self).delete(key, version))


def _or(fallback: _T, ask: Callable[[], _T]) -> _T:
    try:
        return ask()
    except (RedisError, OSError) as error:
        logger.warning("the cache does not answer: %s", error)
        return fallback
