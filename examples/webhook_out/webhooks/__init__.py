"""Webhooks: an address of the practice hears of each booking, move and cancellation."""
