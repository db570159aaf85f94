"""The live page: a small web server, a child process that holds the models, and a page drawn in the browser."""
