pub fn names() -> &'static str { "b" }
