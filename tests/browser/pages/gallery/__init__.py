"""All components on one page, for the browser tests."""
