"""Pure computation: visit values, exposure states, the change table and effect sizes."""
