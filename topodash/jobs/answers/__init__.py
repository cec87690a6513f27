"""What the worker processes compute for pages: one file a question, imported only where it is computed."""
