class Report {
  static void send() { println "all" }
}
