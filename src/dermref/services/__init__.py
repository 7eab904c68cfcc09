"""What the product does, one file per verb group. HTTP and terminal stay outside."""
