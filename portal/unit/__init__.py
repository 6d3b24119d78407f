"""The unit's desk: what a unit owes, the form in which it reports, and what it has handed in."""
