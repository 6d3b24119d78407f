"""What is true: the plan's rules as pure functions of a plan, facts and ``as_of``."""
