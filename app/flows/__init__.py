"""One use case a module, named by what happens."""
