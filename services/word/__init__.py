"""Documents as Word files (.docx) in the layout of GB/T 9704-2012, and reading them again after people edited them."""
