"""Whether the house is well: quick answers for a probe, the whole truth for `flask doctor`."""
