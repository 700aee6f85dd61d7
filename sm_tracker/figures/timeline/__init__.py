"""The timeline of one patient: one model, drawn for the screen and for print."""
