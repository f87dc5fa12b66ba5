fn main() { send() }
