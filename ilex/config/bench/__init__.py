"""How fast this machine is with the real thing: whole nodes in a temporary folder, with durable commits."""
