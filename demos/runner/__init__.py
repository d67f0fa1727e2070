"""What runs lessons, and shows them in the terminal and in a gallery."""
