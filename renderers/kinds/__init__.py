"""The sorts of pictures, one module each."""
