"""Kinds of request: categories, types, their forms and promises, and the canned answers agents insert."""
