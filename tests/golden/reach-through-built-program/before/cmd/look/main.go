package main

func main() { report("some") }
