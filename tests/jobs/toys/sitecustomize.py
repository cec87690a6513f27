"""Teaches every process that the tests start the toy kind and the toy questions."""

import toy_registry

toy_registry.register()
