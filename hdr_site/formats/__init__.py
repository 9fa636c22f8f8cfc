"""How dates are written, by language; Django looks here first."""
