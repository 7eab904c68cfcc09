"""HTTP for programs: bytes through the gate, and JSON. It draws what services answer and decides nothing."""
