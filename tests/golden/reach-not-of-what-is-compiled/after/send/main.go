package main

func main() { send() }
