import OpsCore

extension BackupProgress {
    /// What is shown of it.
    var workState: WorkState {
        switch step {
        case .schema: WorkState(step: "reading the schema")
        case .snapshot: WorkState(step: "opening the snapshot of \(tableCount) tables")
        case .rows:
            WorkState(
                step: "reading rows", item: table, done: rows, total: estimatedRows, unit: "rows", detail: bytes.asSize)
        case .objects: WorkState(step: "writing views, routines, triggers and events")
        case .verification: WorkState(step: "verifying the file")
        }
    }
}
