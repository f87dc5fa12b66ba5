def send():
    return 1
