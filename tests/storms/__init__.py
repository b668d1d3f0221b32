"""Kills, races, floods and outages, with counts."""
