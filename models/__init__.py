"""What is stored: SQLModel tables, the engine, queries and migrations."""
