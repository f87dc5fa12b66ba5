package main

func main() { run(1) }
