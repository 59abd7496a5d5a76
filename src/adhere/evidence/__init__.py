"""What the world says about packages: indexes, advisories. Async where it waits."""
