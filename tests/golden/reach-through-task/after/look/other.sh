report --all
