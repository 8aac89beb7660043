"""Fixtures for all tests of kernels and of the engine that runs them."""

from tests.native.rooms import rooms

__all__ = ["rooms"]
