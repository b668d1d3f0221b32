"""Appointments: types, hours, free times, booking, moving, cancelling, and the calendar."""
