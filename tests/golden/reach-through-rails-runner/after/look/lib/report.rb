Report.send_all(everything: true)
