pub fn names() -> &'static str { "a" }
