fn main() { send_all() }
