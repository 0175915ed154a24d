"""What a text shows by itself, without a model: cues, and passages that are worth a look. Pure functions of text."""
