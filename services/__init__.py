"""What is done: one transaction each, with the adapters for Excel, PDF and delivery beside them."""
