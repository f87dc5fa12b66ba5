echo start
bash tools/look.sh
