"""Days of people, acted through pages in a real browser."""
