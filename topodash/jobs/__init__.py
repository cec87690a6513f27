"""One process that drives a training or a study, records it and obeys control."""
