"""A real SMTP server for a test: that of the authors' kit."""

from vestibule.testing.mail import Mail, PostOffice, open_post_office

__all__ = ["Mail", "PostOffice", "open_post_office"]
