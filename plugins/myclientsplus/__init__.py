"""My Clients Plus: the record of a practice, kept here: demographics, notes, ledger, documents."""
