"""Tables, sentences and documents, all worded from the change table."""
