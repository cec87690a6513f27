"""One's runs: open, rename, share, export, import, delete."""
