"""All periods of one patient side by side: one model, drawn for the screen and for print."""
