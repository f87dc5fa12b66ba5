package look

//go:generate ../tools/look.sh
