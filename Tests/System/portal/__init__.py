"""What the system tests share: the programs as processes, the two ways of speaking to them, and what stands in the database."""
