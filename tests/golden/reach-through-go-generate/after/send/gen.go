package send

//go:generate ../tools/send.sh
