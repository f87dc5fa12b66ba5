report --no
