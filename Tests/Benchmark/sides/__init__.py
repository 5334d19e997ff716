"""What is measured side by side: the portal, what it stands on, and what others would have built."""
