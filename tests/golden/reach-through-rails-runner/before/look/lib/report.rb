Report.send_all
