"""SM Tracker: page settings and navigation; nothing else."""

import streamlit as st

from sm_tracker.ui.navigation import ICON, run_pages

st.set_page_config(page_title="SM Tracker", page_icon=ICON, layout="wide")
run_pages()
