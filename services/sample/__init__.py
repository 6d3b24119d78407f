"""Made-up behaviour of units for demonstrations: sample figures and words, marked as such wherever they appear."""
