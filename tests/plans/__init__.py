"""Cases that an officer can read: on this date this unit owes this."""
