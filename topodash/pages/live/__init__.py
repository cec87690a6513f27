"""Live training: a small ReLU network learns before your eyes."""
