"""One figure model, drawn by two renderers: plotly for the screen, matplotlib for print."""
