"""What warns of a name that goes, so that an author's tests can make it an error."""

from core.spec.deprecation import RemovedInApi2, VestibuleDeprecation

__all__ = ["RemovedInApi2", "VestibuleDeprecation"]
