"""How long tests wait for something that does happen, on a machine that does much else.

Waiting ends with the event, so a long patience costs nothing where all is well.
"""

PATIENCE_S = 180
PATIENCE_MS = 1000 * PATIENCE_S
