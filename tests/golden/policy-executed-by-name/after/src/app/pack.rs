pub fn pack() { run() }
