"""What runs where: on one machine, or on a pool of workers."""
