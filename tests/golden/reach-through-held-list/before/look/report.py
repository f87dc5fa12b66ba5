import subprocess

command = ["bash", "look/send.sh"]
subprocess.run(command, check=True)
