"""The papers' experiments: one frozen configuration in, one typed result out, one file a study."""
