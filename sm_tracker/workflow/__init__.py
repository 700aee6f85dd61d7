"""The use cases: import, analyse, draw, report, store. Pages and commands call these only.

Each module holds the use cases of one matter and is imported by name; nothing is passed on
from here, so what only reads a file does not wait for a database to be loaded:

``file_import``, ``mapping``
    read files, say which column holds what
``analysing``, ``measurement_error``
    change table, effect sizes, the clinic's own error
``drawing``, ``figure_choices``, ``printing``
    what a figure shows
``reporting``, ``report_files``, ``hand_out``
    figures and reports as files
``storing``, ``editing``, ``doubts``, ``visit_entry``
    records that are kept
``cohort``, ``cohort_view``, ``cohort_figures``, ``cohort_registry``
    groups of patients
``access``, ``maintenance``
    who may do what; the database itself
"""
