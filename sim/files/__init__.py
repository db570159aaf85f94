"""What crosses the border to the disk: files read and written, their check sums, and by what they were made."""
