"""The Flask side: application factory, HTTP routes, security headers, theme."""
