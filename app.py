"""SM Tracker: page settings and navigation; nothing else."""

import streamlit as st

from sm_tracker.ui.navigation import ICON, PRODUCT, run_pages

st.set_page_config(page_title=PRODUCT, page_icon=ICON, layout="wide")
run_pages()
