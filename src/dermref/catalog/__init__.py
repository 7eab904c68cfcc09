"""The catalogue: the only ORM and SQL in the tree. It keeps the promise with constraints, and decides nothing."""
