/// How one stage of a diagnosis ended.
public struct SMTPStageResult: Codable, Sendable, Equatable {
    public enum Status: String, Codable, Sendable {
        case pass
        /// It worked, but somebody should look at it.
        case warn
        case fail
        /// Not reached, or not needed.
        case skip
    }

    public let stage: MailStage
    public var status: Status
    /// How long it took.
    public var ms: Int
    /// The server's reply code.
    @EncodedAsNull public var code: Int?
    /// What was seen.
    @EncodedAsNull public var detail: String?
    /// What to do now.
    @EncodedAsNull public var hint: String?

    init(
        _ stage: MailStage, _ status: Status, ms: Int = 0, code: Int? = nil, detail: String? = nil, hint: String? = nil
    ) {
        self.stage = stage
        self.status = status
        self.ms = ms
        self.code = code
        self.detail = detail
        self.hint = hint
    }
}
