/// Checks whose means this build does not have. They stay in the report, so that nobody takes them for passed.
enum AbsentChecks {
    static let mail: [Check] = [
        ("SMTP-401", "the mail server's name is known"), ("SMTP-402", "the mail server can be reached"),
        ("SMTP-403", "the mail server greets"), ("SMTP-404", "the mail connection is encrypted"),
        ("SMTP-405", "the mail account logs in"), ("SMTP-406", "sender and recipient are taken"),
    ].map { check($0, $1, "this build has no staged mail diagnosis") }

    private static func check(_ id: String, _ title: String, _ reason: String) -> Check {
        Check(id, title) { _ in throw CheckSkipped(reason) }
    }
}
