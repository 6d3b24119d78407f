"""Rules of adding districts up."""
