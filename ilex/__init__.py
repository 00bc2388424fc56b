"""Ilex: case management and information exchange for a network of law enforcement coordination units."""

__version__ = "0.1.0"
