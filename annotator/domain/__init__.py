"""Pure rules of text, spans, claims and questions: no Flask, no database, no input or output."""
