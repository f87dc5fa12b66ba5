def test_send():
    assert send() == 1
