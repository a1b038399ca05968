"""HTTP: the edge of opens and clicks, the API, the pages."""
