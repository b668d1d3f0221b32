"""Intake: what a client fills in before the first appointment."""
