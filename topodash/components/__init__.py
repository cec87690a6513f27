"""The few labelled controls and panels that pages share."""
