"""Signed consent: a gate before booking, with a page to read and sign."""
