"""The units' form in Excel (填报表): written, read back, and kept safe; one of the doors to ``services.intake``."""
