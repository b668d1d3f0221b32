"""The inbox: threads between a client and a practice, and notices of the system."""
