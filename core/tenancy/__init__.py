"""Who is who: accounts and their logins, providers, members, clients, and the scope."""

from core.tenancy.models import Account, Client, ErasurePart, Login, Member, OperatorAccess, Provider
from core.tenancy.scope import Scope

__all__ = [
    "Account",
    "Client",
    "ErasurePart",
    "Login",
    "Member",
    "OperatorAccess",
    "Provider",
    "Scope",
]
