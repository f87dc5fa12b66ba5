package main

func main() { report("all") }
