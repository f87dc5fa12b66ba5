class Report {
  static void send() { println "one" }
}
