"""How the weights of the embedded engine came about."""
