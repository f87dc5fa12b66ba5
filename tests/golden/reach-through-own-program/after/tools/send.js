report(1)
