import subprocess

subprocess.run(["./tools/look.sh", "now"], check=True)
