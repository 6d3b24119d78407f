"""What goes upward (上报): a district's package, and what a city or province makes of many."""
