import subprocess

subprocess.run(["./tools/send.sh", "now"], check=True)
