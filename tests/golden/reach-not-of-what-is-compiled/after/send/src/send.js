send(2)
