"""The rules: plain functions on models, one module for one noun. They flush, and never see a request or commit."""
