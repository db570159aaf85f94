"""What can be seen of a day: rules that read an organization and write rows for whoever draws it; no day needs them."""
