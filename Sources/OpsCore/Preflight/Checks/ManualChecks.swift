/// What no program can check: somebody has to look, so it stays in every report.
enum ManualChecks {
    static let all: [Check] = [
        check(
            "MANUAL-901", "a copy of the backups is in another place",
            "which fire, theft or stolen password takes both?"),
        check(
            "MANUAL-902", "somebody else can restore",
            "has a second person done it, from these documents alone, this year?"),
        check("MANUAL-903", "alerts reach a person", "stop the heartbeat of the backups once: who is told, how soon?"),
        check("MANUAL-904", "the firewall lets in what it should", "from outside, only the proxy's ports answer"),
        check("MANUAL-905", "secrets can be changed", "is it written down how, and who must be told?"),
        check("MANUAL-906", "mail arrives", "does a message to another provider arrive, and not as spam?"),
    ]

    private static func check(_ id: String, _ title: String, _ question: String) -> Check {
        Check(id, title) { _ in throw CheckSkipped("ask yourself: \(question)") }
    }
}
