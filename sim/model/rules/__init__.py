"""One room per mechanism; rooms never import each other, they speak through the firm."""
