report --none
