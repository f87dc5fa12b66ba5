fn main() { run(1) }
