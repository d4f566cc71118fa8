"""Portraits of creatures, put together from parts by a family's random traits."""
