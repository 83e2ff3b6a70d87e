"""What is said of pretix, tried on a real one: `make test-pretix` installs it; the other tests do not need it."""
