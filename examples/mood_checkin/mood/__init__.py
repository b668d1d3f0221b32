"""Mood check-in: a question a day for clients, and its course in the record."""
