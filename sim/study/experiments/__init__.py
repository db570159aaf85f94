"""What is asked: experiment files, their factors, points and replications."""
