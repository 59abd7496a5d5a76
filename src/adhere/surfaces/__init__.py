"""Where people meet adhere. A surface turns options into a request and an answer into words."""
