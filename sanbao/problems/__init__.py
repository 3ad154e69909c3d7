"""Put right: reports, findings, orders to correct, rechecks."""
