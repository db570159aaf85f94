"""What speed.py counts and compares with."""
