"""The Filters page: the topology of what a convolutional network's first layer learns."""
