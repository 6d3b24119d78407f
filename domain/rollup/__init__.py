"""Adding up what districts report upward: for a city over its districts, for a province over its cities' districts."""
