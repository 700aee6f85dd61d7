"""Effect sizes of labelled phases."""
