"""The tests of what the tests are made with: each shows that it can fail."""
