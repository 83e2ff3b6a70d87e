"""Finding articles by words, by their letters and, where the model is installed, by their meaning."""
