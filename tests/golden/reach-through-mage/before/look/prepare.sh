report --check
