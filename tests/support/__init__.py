"""What the tests are made with: servers, browsers, mail and people; README.md shows their use."""
