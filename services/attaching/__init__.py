"""Files that units attach to an item (附件): what they are, and whether they may come in."""
