/// The mail server, asked once for all checks. Nothing is sent.
actor PreflightMail {
    nonisolated let settings: MailSettings
    private let problems: [SettingProblem]
    private let authorityFile: String?
    private var reportTask: Task<SMTPProbeReport, any Error>?

    init(_ settings: MailSettings, problems: [SettingProblem], authorityFile: String?) {
        self.settings = settings
        self.problems = problems
        self.authorityFile = authorityFile
    }

    /// - Throws: ``CheckSkipped`` when no mail is to be sent; ``CheckNotPossible`` when the settings are wrong.
    func report() async throws -> SMTPProbeReport {
        guard problems.isEmpty else {
            throw CheckNotPossible(
                "the settings of mail are wrong: " + problems.map(\.description).joined(separator: "; "),
                remedy: "sysndd-ctl config")
        }
        guard settings.isEnabled else {
            throw CheckSkipped(settings.host == nil ? "SMTP_HOST is not set: no mail is sent" : "SMTP_ENABLED=false")
        }
        if let reportTask { return try await reportTask.value }
        let task = Task { [settings, authorityFile] in
            try await SMTPProbe(settings, .init(authorityFile: authorityFile)).run()
        }
        reportTask = task
        return try await task.value
    }
}
