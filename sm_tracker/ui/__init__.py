"""The Streamlit dashboard: state, components and pages."""
