"""The migrated store, as the catalog's tests make it."""

from tests.catalog.conftest import migrated

__all__ = ["migrated"]
