"""The house: private rooms, from the contract at the bottom to the application at the top."""
