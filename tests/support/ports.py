"""Free ports: those of the authors' kit."""

from vestibule.testing.ports import held_port

__all__ = ["held_port"]
