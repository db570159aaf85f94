"""The live page: a small web server, a page drawn in the browser, and an engine that lives in it."""
