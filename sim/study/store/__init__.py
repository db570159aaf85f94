"""What was found: a folder of Parquet parts that is written whole and read without us."""
