"""Stand-ins for where companies' networks begin, for demo and tests; the product never imports them."""
