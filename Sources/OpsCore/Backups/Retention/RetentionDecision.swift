/// What is to become of one backup, and why.
public struct RetentionDecision: Sendable, Equatable, Encodable {
    public enum Action: String, Sendable, Encodable {
        case keep, remove
    }

    public let filename: String
    public let action: Action
    /// In words, at least one; several where several rules keep the file.
    public let reasons: [String]
    /// Size of the file in bytes.
    public let sizeBytes: Int

    init(_ record: BackupRecord, _ action: Action, _ reasons: [String]) {
        filename = record.filename
        self.action = action
        self.reasons = reasons
        sizeBytes = record.sizeBytes
    }
}
