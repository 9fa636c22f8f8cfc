"""What writes webhooks, and what sends them."""
