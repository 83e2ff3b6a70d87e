"""The shipped defaults and the demo house."""
