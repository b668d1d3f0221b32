"""Getting in: logging in, passwords, invitations, signing up, and what people keep about themselves."""
