"""Suites of tasks of a set length: built, played, proved and scored."""
