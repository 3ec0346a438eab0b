/// A job came to its end and found that something is wrong.
struct JobFinding: OperatorError {
    let code: String
    let message: String
    let exitStatus = ExitStatus.failed

    init(damaged name: BackupName, _ member: String, _ problem: String, _ count: Int) {
        code = "BACKUP_DAMAGED"
        let more = count > 1 ? ", and \(count - 1) more" : ""
        message = "\(name) is damaged: \(member): \(problem)\(more)"
    }
}
