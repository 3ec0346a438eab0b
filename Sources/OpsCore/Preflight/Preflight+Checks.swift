extension Preflight {
    /// Every check, in the order of the report.
    static let allChecks: [Check] =
        DatabaseChecks.all + MigrationChecks.all + BackupChecks.all + SecurityChecks.all + MailChecks.all
        + SystemChecks.all + ShimChecks.all + ManualChecks.all
}
