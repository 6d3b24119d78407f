"""A plan's years on a virtual clock (推演), through the services of a real office, in a store of their own."""
