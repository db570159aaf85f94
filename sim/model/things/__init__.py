"""What a day happens to: each thing owns its fields of the state, and its verbs are the only ones that write them."""
