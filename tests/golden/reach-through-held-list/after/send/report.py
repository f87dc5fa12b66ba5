import subprocess

command = ["bash", "send/send.sh"]
subprocess.run(command, check=True)
