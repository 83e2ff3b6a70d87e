"""The money of a campaign: what was locked becomes lines, batches, files, entries, and is followed until it is paid."""
