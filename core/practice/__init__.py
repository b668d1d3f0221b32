"""The practice's side: Today, clients and their records, settings and team."""
