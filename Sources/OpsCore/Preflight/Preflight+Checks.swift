extension Preflight {
    /// Every check, in the order of the report.
    static let allChecks: [Check] =
        DatabaseChecks.all
        + (MigrationChecks.all + AbsentChecks.migrations).sorted { $0.id < $1.id }
        + BackupChecks.all + SecurityChecks.all + AbsentChecks.mail + SystemChecks.all + ShimChecks.all
        + ManualChecks.all
}
