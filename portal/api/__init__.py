"""The API (/api/v1): the units' desk for other systems. No cookies, no pages; every answer is JSON, a PDF or a problem."""
