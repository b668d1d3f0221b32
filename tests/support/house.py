"""The whole house in this process: that of the authors' kit."""

from vestibule.testing.house import Browser, House, open_app, prepare

__all__ = ["Browser", "House", "open_app", "prepare"]
