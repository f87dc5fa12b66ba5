echo start
bash tools/send.sh
