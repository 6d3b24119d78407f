"""From facts to a frozen document: what a report says, with nothing left for a template to reckon."""
