"""Serial skin thickness, therapy periods and the change per regimen."""
