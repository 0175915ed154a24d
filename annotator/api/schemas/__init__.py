"""What the API takes and gives, in pydantic; one module for each noun. No rules of the domain and no queries here."""
