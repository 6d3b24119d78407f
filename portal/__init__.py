"""The pages: for the office, the units and the leaders. Loads no Prefect."""
