report --ready
