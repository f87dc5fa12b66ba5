send(1)
