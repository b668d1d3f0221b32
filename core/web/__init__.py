"""From a request to a page: the guard, pages and fragments, slots, errors and headers."""
